"""All rules: those that each service keeps, and those of the whole tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dev.walls.dialect import (
    guards_say_what_they_require,
    states_move_through_a_table,
    tables_have_one_shape,
)
from dev.walls.imports import each_kind_imports_what_it_may
from dev.walls.layers import imports_keep_to_the_layers
from dev.walls.reach import (
    migrations_import_no_living_code,
    the_environment_is_read_by_the_settings,
)
from dev.walls.releases import it_has_an_extra_of_its_own, the_version_is_told
from dev.walls.rows import wide_rows_are_read_by_their_names
from dev.walls.shape import (
    every_subject_has_a_layer,
    exceptions_have_reasons,
    init_files_hold_a_docstring_alone,
    only_the_fixed_files,
)
from dev.walls.tree import Broken, Tree
from dev.walls.writes import (
    columns_are_written_in_their_own_subject,
    declared_writes_have_reasons,
)

OF_SERVICES: tuple[Callable[[Tree, str], Iterator[Broken]], ...] = (
    only_the_fixed_files,
    exceptions_have_reasons,
    every_subject_has_a_layer,
    init_files_hold_a_docstring_alone,
    each_kind_imports_what_it_may,
    the_version_is_told,
    it_has_an_extra_of_its_own,
    wide_rows_are_read_by_their_names,
    columns_are_written_in_their_own_subject,
    declared_writes_have_reasons,
    guards_say_what_they_require,
    states_move_through_a_table,
    tables_have_one_shape,
)
OF_THE_TREE: tuple[Callable[[Tree], Iterator[Broken]], ...] = (
    imports_keep_to_the_layers,
    the_environment_is_read_by_the_settings,
    migrations_import_no_living_code,
)
