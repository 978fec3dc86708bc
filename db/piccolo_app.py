"""The one Piccolo app: every table of every room in `db/tables`."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

HERE = Path(__file__).parent

APP_CONFIG = AppConfig(
    app_name="station",
    migrations_folder_path=str(HERE / "piccolo_migrations"),
    table_classes=table_finder(
        modules=[f"db.tables.{file.stem}" for file in sorted((HERE / "tables").glob("*.py")) if file.stem != "__init__"],
        exclude_imported=True,
    ),
)
