"""Readers beside a writer, for ten seconds."""

import readers
import support


class ReadersTest(readers.Beside):

    def test_see_no_damage_beside_a_writer(self):
        self.readers_and_a_writer(clients=4, seconds=10)


if __name__ == "__main__":
    support.main()
