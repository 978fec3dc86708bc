"""The filing cabinet: engine, tables, queries, actions, migrations, seeds."""
