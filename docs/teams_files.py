"""Write what lies in deploy/teams anew: a manifest to look at, and both icons of the app. Run it with `make teams`."""

import json
from pathlib import Path

from adapters.teams.icons import colour, outline
from adapters.teams.manifest import COLOUR_ICON, OUTLINE_ICON, manifest

FOLDER = Path(__file__).parents[1] / "deploy" / "teams"
NOBODYS = "00000000-0000-0000-0000-000000000000"  # where the app's own id goes


def files() -> dict[str, bytes]:
    """The files of the folder by name."""
    described = manifest(app_id=NOBODYS, url="https://pulse.example.org")
    text = json.dumps(described, indent=2, ensure_ascii=False) + "\n"
    return {"manifest.json": text.encode(), COLOUR_ICON: colour(), OUTLINE_ICON: outline()}


if __name__ == "__main__":
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)
