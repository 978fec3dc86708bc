"""docs/rooms.md is the map of the house; a map that is wrong is worse than none."""

from tests.house.rooms import differences, in_tree, on_page


def test_the_map_names_every_folder_and_module_and_nothing_else():
    assert differences() == []


def test_the_tree_and_the_map_are_read():
    assert {"rules/", "web/forms/", "db/queries/stations.py"} <= in_tree()
    assert len(on_page()) > 50
