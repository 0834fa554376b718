"""Hostile catalogs: each kind changes the catalog of a collection.

KINDS maps a name to a function of the collection's folder (the .alike itself). The folder above it has
a file victim.txt beside it (`victim`), which nothing may read, change or remove.
"""

import pathlib
import shutil
import sqlite3
import struct

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
KINDS = {}
VERSION_1 = pathlib.Path(__file__).resolve().parent.parent / "cli/version1/collection"


def kind(make):
    KINDS[make.__name__] = make
    return make


def victim(folder):
    return pathlib.Path(folder).parent.parent / "victim.txt"


def change(folder, *statements):
    """Runs statements, each SQL or (SQL, values), on the catalog, without its checksums."""
    database = sqlite3.connect(folder / "catalog.db", isolation_level=None)
    database.execute("PRAGMA trusted_schema=ON")
    for statement in statements:
        sql, values = statement if isinstance(statement, tuple) else (statement, ())
        database.execute(sql, values)
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    (folder / "catalog.sum").unlink(missing_ok=True)


def schema(folder, *statements):
    """As `change`, with leave to write the schema itself."""
    change(folder, "PRAGMA writable_schema=ON", *statements)


def redefine(folder, table, old, new):
    catalog = sqlite3.connect(folder / "catalog.db")
    (sql,) = catalog.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    catalog.close()
    assert old in sql, f"{table} has no '{old}' to change"
    schema(folder, ("UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = ?",
                    (old, new, table)))


def simple(name, *statements):
    KINDS[name] = lambda folder: change(folder, *statements)


def setting(name, key, value):
    simple(name, ("INSERT OR REPLACE INTO settings VALUES(?, ?)", (key, value)))


# SQL that runs when it is read or written.
simple("spaces_are_an_endless_view", "DROP TABLE spaces",
       f"CREATE VIEW spaces AS {ENDLESS} SELECT x AS key, 's' AS name, '' AS encoder, '' AS model_sha256, "
       "'' AS layer, 'avg' AS pooling, 0 AS pca_dimensions, 0 AS pca_whiten, 'cosine' AS metric, "
       "4 AS width, 0 AS filling FROM c")
simple("settings_are_an_endless_view", "DROP TABLE settings",
       f"CREATE VIEW settings AS {ENDLESS} SELECT 'k' || x AS key, 'v' AS value FROM c")
simple("items_are_a_view", "ALTER TABLE items RENAME TO others",
       "CREATE VIEW items AS SELECT * FROM others, others AS more, others AS most")
simple("one_more_view", "CREATE VIEW v AS SELECT * FROM items")
simple("trigger_after_settings", "CREATE TRIGGER t AFTER UPDATE ON settings BEGIN DELETE FROM rows; END")
simple("trigger_before_items", "CREATE TRIGGER t BEFORE INSERT ON items BEGIN DELETE FROM rows; END")
simple("trigger_that_writes",
       "CREATE TRIGGER t AFTER INSERT ON settings BEGIN INSERT INTO skipped VALUES(randomblob(9), 'x'); END")
simple("generated_column", "ALTER TABLE items ADD COLUMN x BLOB AS (zeroblob(1000000000)) VIRTUAL")
simple("index_on_an_expression", "CREATE INDEX i ON items(abs(size))")
simple("partial_index", "CREATE INDEX i ON items(label) WHERE length(zeroblob(1000000000)) > 0")
simple("one_more_table", "CREATE TABLE x(a)")
simple("many_tables", *[f"CREATE TABLE x{i}(a)" for i in range(2000)])
simple("statistics", "ANALYZE")
KINDS["check_constraint"] = lambda folder: redefine(
    folder, "items", "changed_ns INTEGER NOT NULL)", "changed_ns INTEGER NOT NULL, CHECK(length(hex(zeroblob(99999999)))))")
KINDS["default_that_is_run"] = lambda folder: redefine(
    folder, "dead", "row INTEGER NOT NULL,", "row INTEGER NOT NULL DEFAULT (randomblob(99)),")
KINDS["unknown_collation"] = lambda folder: redefine(
    folder, "settings", "key TEXT PRIMARY KEY", "key TEXT COLLATE nobody PRIMARY KEY")
KINDS["not_strict"] = lambda folder: redefine(folder, "items", ") STRICT", ")")
KINDS["spaces_in_the_definition"] = lambda folder: redefine(folder, "rows", "CREATE TABLE ", "CREATE  TABLE ")
KINDS["definition_is_nonsense"] = lambda folder: schema(
    folder, "UPDATE sqlite_schema SET sql = 'CREATE TABLE (' WHERE name = 'rows'")
KINDS["two_tables_at_one_page"] = lambda folder: schema(
    folder, "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'rows') "
    "WHERE name = 'dead'")
KINDS["table_behind_the_end"] = lambda folder: schema(
    folder, "UPDATE sqlite_schema SET rootpage = 999999 WHERE name = 'rows'")
KINDS["table_on_the_page_of_the_schema"] = lambda folder: schema(
    folder, "UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'skipped'")
KINDS["table_without_a_page"] = lambda folder: schema(
    folder, "UPDATE sqlite_schema SET rootpage = 0 WHERE name = 'rows'")


def of_wrong_types(folder, table, sql):
    """Values that a STRICT table never holds: it is not strict for a moment."""
    redefine(folder, table, " STRICT", "       ")
    change(folder, sql)
    redefine(folder, table, "       ", " STRICT")


KINDS["texts_instead_of_numbers"] = lambda folder: of_wrong_types(
    folder, "items", "UPDATE items SET width = 'wide', size = x'00', modified_ns = 'now'")
KINDS["numbers_instead_of_texts"] = lambda folder: of_wrong_types(
    folder, "spaces", "UPDATE spaces SET encoder = 7, pooling = 1.5, metric = x'FF'")
KINDS["nothing_instead_of_values"] = lambda folder: (
    redefine(folder, "items", "size INTEGER NOT NULL", "size INTEGER         "),
    change(folder, "UPDATE items SET size = NULL"),
    redefine(folder, "items", "size INTEGER         ", "size INTEGER NOT NULL"))

# Versions.
simple("version_of_the_future", "PRAGMA user_version=99")
simple("version_0", "PRAGMA user_version=0")
simple("version_below_0", "PRAGMA user_version=-1")

# Where pictures lie.
for name, value in {"root": "/", "etc": "/etc", "above": "../..", "devices": "/dev", "long": "/" + "a/" * 2500,
                    "escape": "/tmp/\x1b[31mred\u202egpj", "processes": "/proc/self"}.items():
    setting(f"pictures_{name}", "pictures", value)
for name, value in {"absolute": b"/etc/passwd", "above": b"../victim.txt", "far_above": b"../" * 30 + b"etc/passwd",
                    "hidden_above": b"a/../../victim.txt", "zero": b"a\0b.png", "escape": b"\x1b]0;x\x07.png",
                    "bidi": "a\u202egnp.exe".encode(), "long": b"a/" * 2500 + b"a.png", "empty": b"",
                    "dot": b".", "lines": b"a\nb.png", "device": b"/dev/zero"}.items():
    simple(f"item_{name}", ("UPDATE items SET path = ? WHERE id = 1", (value,)))

# Counts, ids and names.
setting("next_id_is_the_largest", "next_id", str(2**63 - 1))
setting("next_id_below_0", "next_id", "-5")
setting("next_id_is_no_number", "next_id", "x' OR 1")
setting("default_space_is_missing", "default_space", "nobody")
simple("map_above", "INSERT INTO maps VALUES('../../victim', 1, '')")
simple("map_of_no_space", "INSERT INTO maps VALUES('x', 77, '')")
simple("index_is_unknown", "UPDATE spaces SET index_kind = 'magic'")
simple("changes_are_huge", f"UPDATE spaces SET index_changes = {2**63 - 1}")

# Of the format before, which is read through views and made anew by writers.
for name, key, value in [("map_above", "map.../../victim", "1"), ("map_of_no_space", "map.x", "77"),
                         ("index_is_unknown", "index.1", "magic"), ("changes_are_huge", "codes_changed.1", "9" * 40),
                         ("sums_are_long", "map_sum.first", "0" * 999_999)]:
    KINDS[f"old_{name}"] = lambda folder, key=key, value=value: (
        shutil.rmtree(folder), shutil.copytree(VERSION_1, folder),
        change(folder, ("INSERT OR REPLACE INTO settings VALUES(?, ?)", (key, value))))

simple("id_is_the_largest", f"UPDATE items SET id = {2**63 - 1} WHERE id = 1",
       f"UPDATE rows SET item = {2**63 - 1} WHERE item = 1")
simple("id_below_0", "UPDATE items SET id = -1 WHERE id = 1", "UPDATE rows SET item = -1 WHERE item = 1")
simple("sizes_below_0", "UPDATE items SET size = -1, width = -1, height = -1, modified_ns = -1")
simple("sizes_are_huge", f"UPDATE items SET size = {2**62}, width = {2**40}, height = {2**62}")
simple("segment_bytes_huge", f"UPDATE segments SET bytes = {2**62}")
simple("segment_bytes_below_0", "UPDATE segments SET bytes = -1")
simple("segment_rows_huge", f"UPDATE segments SET rows = {2**62}")
simple("segment_number_below_0", "UPDATE segments SET number = -1")
simple("rows_huge", f"UPDATE rows SET row = {2**62}")
simple("rows_below_0", "UPDATE rows SET row = -1")
simple("rows_of_others", "UPDATE rows SET row = 0")
simple("dead_everywhere", "INSERT INTO dead SELECT 1, 0, id + 1000000 FROM items")
for name, value in {"0": 0, "below_0": -1, "huge": 2**31, "other": 3}.items():
    simple(f"width_{name}", f"UPDATE spaces SET width = {value}")
for name, value in {"above": "../../victim.txt", "slash": "a/b", "dots": "..", "empty": "", "zero": "a\0b",
                    "escape": "\x1b[2J", "long": "s" * 5000}.items():
    simple(f"space_{name}", ("UPDATE spaces SET name = ? WHERE key = 1", (value,)))
simple("pca_huge", f"UPDATE spaces SET pca_dimensions = {2**62}, pca_whiten = 7",
       ("INSERT OR REPLACE INTO transforms VALUES(1, ?)", (b"\xff" * 999,)))
simple("pooling_is_unknown", "UPDATE spaces SET pooling = 'max-ish'")
simple("many_spaces", *[f"INSERT INTO spaces(name, encoder, model_sha256, layer, pooling, metric, width, filling, index_kind, "
                        f"index_changes, package_hash) "
                        f"VALUES('x{i}', '', '', '', 'avg', 'cosine', 4, 0, 'auto', 0, '')" for i in range(500)])

# The file itself.
simple("no_sum")
simple("rollback_journal_mode", "PRAGMA journal_mode=DELETE")


@kind
def other_pages(folder):
    change(folder, "PRAGMA journal_mode=DELETE", "PRAGMA page_size=65536", "VACUUM")


@kind
def hot_journal_that_names_a_file(folder):
    """SQLite removes the file whose name ends a rollback journal."""
    change(folder, "PRAGMA journal_mode=DELETE")
    name = str(victim(folder)).encode()
    pages = (folder / "catalog.db").stat().st_size // 4096
    head = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + struct.pack(">IIIII", 0, 1, pages, 512, 4096)
    tail = struct.pack(">I", pages) + name + struct.pack(">II", len(name), sum(name)) + head[:8]
    (folder / "catalog.db-journal").write_bytes(head.ljust(512, b"\0") + tail)


@kind
def sum_of_zeros(folder):
    (folder / "catalog.sum").write_bytes(bytes(4096))


@kind
def wal_of_noise(folder):
    change(folder)
    (folder / "catalog.db-wal").write_bytes(bytes(range(256)) * 400)


@kind
def wal_of_another_catalog(folder):
    """Frames that are right by their own checksums and put a view into the schema."""
    change(folder)
    database = sqlite3.connect(folder / "catalog.db", isolation_level=None)
    database.execute("PRAGMA wal_autocheckpoint=0")
    database.execute(f"CREATE VIEW v AS {ENDLESS} SELECT x FROM c")
    wal = (folder / "catalog.db-wal").read_bytes()
    database.close()
    change(folder, "DROP VIEW v")
    (folder / "catalog.db-wal").write_bytes(wal)


@kind
def wal_with_holes(folder):
    change(folder)
    with open(folder / "catalog.db-wal", "wb") as wal:
        wal.truncate(1 << 40)


@kind
def empty_catalog(folder):
    change(folder)
    (folder / "catalog.db").write_bytes(b"")


@kind
def catalog_of_text(folder):
    change(folder)
    (folder / "catalog.db").write_text("SELECT * FROM items;\n" * 1000)


@kind
def endless_tree(folder):
    """Pages of a table that lead to the same page over and over."""
    change(folder)
    database = sqlite3.connect(folder / "catalog.db")
    root = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'items'").fetchone()[0]
    database.close()
    data = bytearray((folder / "catalog.db").read_bytes())
    pages = len(data) // 4096
    data += data[(root - 1) * 4096:root * 4096]
    pages += 1

    def leading_to(child):
        cells = [struct.pack(">IBB", child, 0x80 | i >> 7, i & 127) for i in range(200)]
        head = struct.pack(">BHHHBI", 5, 0, 200, 4096 - 1200, 0, child)
        places = b"".join(struct.pack(">H", 4096 - 6 * (i + 1)) for i in range(200))
        return (head + places).ljust(4096 - 1200, b"\0") + b"".join(reversed(cells))

    for _ in range(5):
        data += leading_to(pages)
        pages += 1
    data[(root - 1) * 4096:root * 4096] = leading_to(pages)
    data[28:32] = struct.pack(">I", pages)
    (folder / "catalog.db").write_bytes(data)
