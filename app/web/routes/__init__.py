"""One module of routes for each stage; `ROUTERS` is what the application includes."""

import importlib

MODULES = ("home", "accounts", "purchases", "studies", "candidates", "interviews", "tagging", "boards", "exports")
ROUTERS = []
for _name in MODULES:
    try:
        ROUTERS.append(importlib.import_module(f"app.web.routes.{_name}").router)
    except ModuleNotFoundError as _missing:
        if _missing.name is None or not _missing.name.startswith("app."):
            raise
