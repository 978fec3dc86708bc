"""Piccolo's configuration: which database, which tables. `db.engine` decides from the environment."""

from __future__ import annotations

from piccolo.conf.apps import AppRegistry

from db.engine import engine_from_environment

DB = engine_from_environment()
APP_REGISTRY = AppRegistry(apps=["db.piccolo_app"])
