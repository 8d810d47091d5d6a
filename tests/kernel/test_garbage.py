"""What is loaded is not looked through for garbage again."""

import gc

from kernel.garbage import GARBAGE, rest_collector


def test_what_is_loaded_is_left_alone_and_what_is_new_is_looked_at_more_seldom():
    before = gc.get_threshold()
    try:
        rest_collector()
        assert gc.get_freeze_count() > 1000
        assert gc.get_threshold() == GARBAGE
        new = []
        assert any(each is new for each in gc.get_objects())
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
