"""Break-ins: each does in a copy of the tree what must not be done; the walls say what and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dev.walls import rules
from dev.walls.tree import Tree

ROOT = Path(__file__).parents[2]
PARTS = ("kernel", "stationery", "chassis", "gateway", "ops", "dev", "services")
OF_ONE = {rule.__name__ for rule in rules.OF_SERVICES}
Files = dict[str, str]


def copy(folder: Path, *parts: str) -> Tree:
    """A copy of some of the code, to break."""
    skip = shutil.ignore_patterns("__pycache__", "swagger_ui")
    for part in parts:
        shutil.copytree(ROOT / part, folder / part, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return Tree(folder)


def write(tree: Tree, files: Files) -> None:
    """Write files; a text that begins with `+` is added to what is there."""
    for name, text in files.items():
        path = tree.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        old = path.read_text() if text.startswith("+") else ""
        path.write_text(old + text.removeprefix("+"))


def told(tree: Tree, rule: Callable[..., Any], files: Files) -> list[str]:
    """What a rule says: of the whole tree, or of the services that the files are in."""
    if rule in rules.OF_THE_TREE:
        return [str(one) for one in rule(tree)]
    touched = sorted({name.split("/")[1] for name in files})
    return [str(one) for service in touched for one in rule(tree, service)]


DESK = {
    "services/desk/__init__.py": "",
    "services/desk/layers.toml": 'layers = ["notes"]\n',
    "services/desk/notes/__init__.py": '"""Notes."""\n',
}
ENGINE = '''"""A plan, all in one file."""
from marshmallow import Schema
from sqlalchemy import select
from chassis.doors.transaction import run
'''

BREAK_INS: list[tuple[str, str, Files, list[str]]] = [
    (
        "a service that uses another's models and use cases",
        "each_kind_imports_what_it_may",
        DESK
        | {
            "services/desk/notes/usecases.py": "from services.billing.invoices.models import Invoice\n"
            "from services.collections.mail.usecases import send_message\n"
        },
        [
            "services/desk/notes/usecases.py: services never import one another, and this imports "
            "services.billing.invoices.models.Invoice",
            "services.collections.mail.usecases.send_message. Subscribe to its events",
        ],
    ),
    (
        "a service without what every service has",
        "only_the_fixed_files",
        DESK,
        ["services/desk/service.py: every service has the fixed files", "make new-service"],
    ),
    (
        "a subject in one file of its own kind",
        "only_the_fixed_files",
        {"services/billing/plans/engine.py": ENGINE},
        ["services/billing/plans/engine.py: a subject holds only entrypoints", "[exceptions]"],
    ),
    (
        "a folder below a subject",
        "only_the_fixed_files",
        {"services/billing/refunds/deep/rules.py": '"""Hidden."""\n'},
        ["services/billing/refunds/deep/rules.py: a subject holds only"],
    ),
    (
        "a file of a service beside the fixed ones",
        "only_the_fixed_files",
        {"services/sales/shared.py": '"""Shared."""\n', "services/sales/notes.txt": ""},
        ["services/sales/shared.py: a subject holds only", "services/sales/notes.txt"],
    ),
    (
        "a library that no kind of file may use",
        "each_kind_imports_what_it_may",
        {"services/billing/plans/engine.py": ENGINE},
        [
            "services/billing/plans/engine.py: besides the standard library an exception may import "
            "kernel, and this imports marshmallow.Schema",
            "sqlalchemy.select",
            "chassis.doors.transaction.run",
            "declared with its imports in the service's layers.toml",
        ],
    ),
    (
        "a library nobody has heard of",
        "each_kind_imports_what_it_may",
        {"services/sales/orders/usecases.py": "+\nimport requests\n"},
        ["services/sales/orders/usecases.py: besides the standard library usecases may import"],
    ),
    (
        "the doors of the chassis, from a use case",
        "each_kind_imports_what_it_may",
        {"services/sales/orders/usecases.py": "+\nfrom chassis.doors import transaction\n"},
        ["this imports chassis.doors.transaction. Move the code"],
    ),
    (
        "tables from an entrypoint",
        "each_kind_imports_what_it_may",
        {
            "services/sales/orders/entrypoints.py": "+\nfrom services.sales.orders.models import Order\n"
        },
        [
            "entrypoints may import dues, introductions, queries, rules, schemas, subscriptions, "
            "usecases, and this imports"
        ],
    ),
    (
        "a due time that knows tables",
        "each_kind_imports_what_it_may",
        {
            "services/sales/dues.py": "from chassis.due import DueTime\n"
            "from services.sales.orders.models import Order\n"
            "from sqlalchemy import select\n"
        },
        [
            "services/sales/dues.py: of its own service dues may import rules, and this imports",
            "services/sales/dues.py: besides the standard library dues may import",
        ],
    ),
    (
        "the rig of a laptop, from a use case",
        "each_kind_imports_what_it_may",
        {"services/sales/orders/usecases.py": "+\nfrom dev import servers\n"},
        ["this imports dev.servers"],
    ),
    (
        "an import that nobody sees",
        "each_kind_imports_what_it_may",
        {"services/sales/orders/usecases.py": "+\nfrom importlib import import_module\n"},
        ["this imports importlib.import_module"],
    ),
    (
        "a rule that sends mail",
        "each_kind_imports_what_it_may",
        {"services/sales/orders/rules.py": "from stationery.mail.sending import send_mail\n"},
        ["and this imports stationery.mail.sending.send_mail"],
    ),
    (
        "a relative import",
        "each_kind_imports_what_it_may",
        {"services/sales/orders/rules.py": "+\nfrom ..products import usecases\n"},
        ["and this imports ..products.usecases"],
    ),
    (
        "code in an __init__.py",
        "init_files_hold_a_docstring_alone",
        {"services/sales/orders/__init__.py": "+\nfrom services.sales.orders import usecases\n"},
        ["services/sales/orders/__init__.py: an __init__.py holds a docstring alone. Move"],
    ),
    (
        "a subject that no layer names",
        "every_subject_has_a_layer",
        {"services/billing/plans/rules.py": '"""Plans."""\n'},
        [
            "services/billing/plans: the layers of a service name every subject once. "
            "Name plans once in services/billing/layers.toml"
        ],
    ),
    (
        "a layer without a subject",
        "every_subject_has_a_layer",
        {"services/desk/layers.toml": 'layers = ["notes"]\n'},
        ["services/desk/layers.toml: the layers of a service", "There is no subject notes"],
    ),
    (
        "an exception without a reason",
        "exceptions_have_reasons",
        {
            "services/sales/layers.toml": '+[exceptions."orders/engine.py"]\nreason = "faster"\n',
            "services/sales/orders/engine.py": "",
        },
        ["the exception orders/engine.py is there and has a reason. Say in a sentence why"],
    ),
    (
        "an exception that is gone",
        "exceptions_have_reasons",
        {"services/sales/layers.toml": '+[exceptions."gone.py"]\nreason = "It was needed once."\n'},
        ["the exception gone.py is there and has a reason", "take the exception out"],
    ),
    (
        "a release that is not told",
        "the_version_is_told",
        {"services/sales/version.txt": "9.0.0\n"},
        [
            "services/sales/version.txt: the version is the newest of CHANGELOG.md; it is 9.0.0",
            "Write `- 9.0.0: what is new` as the first line",
        ],
    ),
    (
        "a service without a version",
        "the_version_is_told",
        {"services/desk/__init__.py": ""},
        ["services/desk/version.txt: the version is the newest of CHANGELOG.md; it is none"],
    ),
    (
        "a service that no image can install",
        "it_has_an_extra_of_its_own",
        {"services/desk/__init__.py": ""},
        ["pyproject.toml: desk has an extra of its own", "Write `desk = "],
    ),
    (
        "rows bound to columns by their places",
        "wide_rows_are_read_by_their_names",
        {
            "services/sales/orders/queries.py": "+\nfound = [Order(*row) for row in rows]\n",
            "services/sales/products/queries.py": "+\nfor a, b, c, d in rows:\n    print(a)\n",
        },
        [
            "services/sales/orders/queries.py:",
            "services/sales/products/queries.py:",
            "rows of more than 3 columns are read by their names. Label the columns",
        ],
    ),
    (
        "another subject's columns",
        "columns_are_written_in_their_own_subject",
        {
            "services/sales/shipments/usecases.py": "+\n"
            "def hurry(session: Session, order: Order, *, key: str, parcel: Shipment) -> None:\n"
            "    order.status, parcel.sent_by = 'done', key\n"
            "    order.not_invoiced += 1\n"
            "    session.execute(update(Order).values(status='done'))\n",
            "services/sales/invoices/usecases.py": "+\n"
            "def ship(session: Session, parcel: Shipment) -> None:\n"
            "    parcel.sent_by = 'nobody'\n"
            "    session.add(Order(order_id='x'))\n",
        },
        [
            "the columns of Order are written in orders alone. Move the write into a function of "
            "services/sales/orders/usecases.py",
            "the columns of Shipment are written in shipments alone",
        ],
    ),
    (
        "a declared write that nobody makes",
        "declared_writes_have_reasons",
        {
            "services/sales/layers.toml": '+[writes.shipments]\nmodels = ["Order"]\n'
            'reason = "It was done here once."\n'
        },
        ["what shipments writes of other subjects' models is named, with the reason: []"],
    ),
    (
        "a guard that checks",
        "guards_say_what_they_require",
        {"services/sales/orders/rules.py": "+\ndef ensure_paid(order): ...\n"},
        ["guards are require_…, and this is ensure_paid. Name it for what must be so"],
    ),
    (
        "a state that is set by name",
        "states_move_through_a_table",
        {
            "services/sales/orders/usecases.py": "+\ndef finish(order, now):\n"
            "    order.cancelled_at, order.status = now, OrderStatus.DONE\n"
        },
        ["a state moves through MOVES: {state: {action: state}}. Put the table and a function"],
    ),
    (
        "a table of another shape",
        "tables_have_one_shape",
        {
            "services/sales/products/rules.py": "+\nMOVES = {('draft', 'issue'): 'issued'}\n",
            "services/sales/orders/rules.py": "+\nTRANSITIONS = {'ship': ('confirmed',)}\n",
        },
        ["MOVES is {state: {action: state}}. Give each state", "TRANSITIONS is {state:"],
    ),
    (
        "a subject that imports one above it",
        "imports_keep_to_the_layers",
        {
            "services/sales/products/usecases.py": "+\nfrom services.sales.orders import usecases\n",
        },
        [
            "services.sales.products is not allowed to import services.sales.orders",
            "turn the import round",
        ],
    ),
    (
        "two subjects of one layer",
        "imports_keep_to_the_layers",
        {"services/billing/terms/rules.py": "+\nfrom services.billing.pricing import rules\n"},
        ["services.billing.terms is not allowed to import services.billing.pricing"],
    ),
    (
        "a gateway that knows a service",
        "imports_keep_to_the_layers",
        {"gateway/parts.py": "+\nfrom services.sales.orders import rules\n"},
        ["gateway is not allowed to import services.sales"],
    ),
    (
        "operations that lean on a laptop's rig",
        "imports_keep_to_the_layers",
        {"ops/client.py": "+\nfrom dev import ports\n"},
        ["ops is not allowed to import dev"],
    ),
    (
        "a rig that runs a service in its own process",
        "imports_keep_to_the_layers",
        {"dev/ports.py": "+\nfrom chassis.service import load\n"},
        ["dev is not allowed to import chassis"],
    ),
    (
        "a setting nobody checks",
        "the_environment_is_read_by_the_settings",
        {"chassis/pages.py": "import os\nSIZE = os.environ['SIZE']\n"},
        ["chassis/pages.py: only the settings read the environment. Read it where it is checked"],
    ),
    (
        "a setting nobody sees",
        "the_environment_is_read_by_the_settings",
        {
            "gateway/parts.py": "+\nfrom os import getenv\n",
            "kernel/ids.py": "os.getenv('X')\n",
            "services/sales/orders/rules.py": "+\nimport os\nLIMIT = os.environ.get('LIMIT')\n",
        },
        [
            "gateway/parts.py: only the settings",
            "kernel/ids.py: only the settings",
            "services/sales/orders/rules.py: only the settings",
        ],
    ),
    (
        "a migration that uses today's code",
        "migrations_import_no_living_code",
        {
            "services/sales/migrations/versions/0009_x.py": "from services.sales.base import Base\n",
            "chassis/store/migrations/versions/0009_x.py": "import kernel.ids\n",
            "gateway/migrations/versions/0009_x.py": "from gateway import models\n",
        },
        [
            "services/sales/migrations/versions/0009_x.py: a migration imports no code of ours",
            "this imports kernel.ids. Write into the migration what it needs",
            "this imports gateway.models",
        ],
    ),
]


@pytest.mark.parametrize(
    ("rule", "files", "said"),
    [pytest.param(*rest, id=name) for name, *rest in BREAK_INS],
)
def test_is_found_and_told_with_its_remedy(
    tmp_path: Path, rule: str, files: Files, said: list[str]
) -> None:
    tree = copy(tmp_path, *(["services"] if rule in OF_ONE else PARTS))
    write(tree, files)
    found = "\n".join(told(tree, getattr(rules, rule), files))
    assert [part for part in said if part not in found] == [], found


def test_leftover_caches_are_no_service_and_no_subject(tmp_path: Path) -> None:
    tree = copy(tmp_path, "services")
    before = tree.services(), tree.subjects("sales")
    write(tree, {"services/gone/__pycache__/service.pyc": ""})
    write(tree, {"services/sales/gone/__pycache__/rules.pyc": ""})
    assert (tree.services(), tree.subjects("sales")) == before


@pytest.mark.parametrize("name", ["scanner", "rules"])
def test_a_declared_exception_may_import_what_it_declares(tmp_path: Path, name: str) -> None:
    tree = copy(tmp_path, "services")
    files = {
        f"services/sales/orders/{name}.py": "import barcode\n",
        "services/sales/layers.toml": f'+[exceptions."orders/{name}.py"]\n'
        'reason = "Reads the code on a parcel."\nimports = ["barcode"]\n',
    }
    write(tree, files)
    for rule in (
        "only_the_fixed_files",
        "each_kind_imports_what_it_may",
        "exceptions_have_reasons",
    ):
        assert told(tree, getattr(rules, rule), files) == []
