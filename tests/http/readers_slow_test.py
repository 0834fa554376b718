"""Readers beside a writer, for long: ten minutes with ALIKE_DEPTH=all."""


import readers
import support


class ReadersSlowTest(readers.Beside):

    def test_see_no_damage_beside_a_writer_for_long(self):
        self.readers_and_a_writer(clients=8,
                                  seconds=600 if support.DEEP else 60)


if __name__ == "__main__":
    support.main()
