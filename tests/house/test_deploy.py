"""What is shipped for machines: it parses, keeps to published shapes, and gives the bot nothing it does not need."""

import re
import shutil
import subprocess
from functools import reduce
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from bot.settings import PREFIX, Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
CHART = DEPLOY / "helm"
TEMPLATES = sorted((CHART / "templates").glob("*.yaml"))
SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def rendered(path: Path) -> dict[str, Any]:
    """What Helm makes of a template that names values and does nothing else."""
    values = {
        "Values": yaml.safe_load((CHART / "values.yaml").read_text()),
        "Release": {"Name": "practice"},
    }

    def value(found: re.Match[str]) -> str:
        return str(reduce(lambda part, name: part[name], found[1].split("."), values))

    document: dict[str, Any] = yaml.safe_load(re.sub(r"\{\{ \.([\w.]+) \}\}", value, path.read_text()))
    return document


def containers() -> list[dict[str, Any]]:
    pods = [rendered(CHART / "templates" / f"{role}.yaml")["spec"]["template"]["spec"] for role in ("web", "worker")]
    return [container for pod in pods for container in pod["containers"]]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_is_what_kubernetes_takes(path: Path) -> None:
    kubernetes_validate.validate(rendered(path), "1.34", strict=True)


def test_helm_finds_nothing_to_say_where_it_is_installed() -> None:
    if shutil.which("helm") is None:
        pytest.skip("Helm is not installed")
    subprocess.run(["helm", "lint", "--strict", str(CHART)], check=True)


@pytest.mark.parametrize("container", containers(), ids=lambda container: container["args"][-1])
def test_every_container_is_nobody_who_can_write_nowhere(container: dict[str, Any]) -> None:
    context = container["securityContext"]
    assert context["readOnlyRootFilesystem"]
    assert not context["allowPrivilegeEscalation"]
    assert context["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize("container", containers(), ids=lambda container: container["args"][-1])
def test_every_container_is_asked_whether_it_lives_and_is_ready(container: dict[str, Any]) -> None:
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


@pytest.mark.parametrize("role", ["web", "worker"])
def test_there_are_three_replicas(role: str) -> None:
    assert rendered(CHART / "templates" / f"{role}.yaml")["spec"]["replicas"] == 3


def test_compose_gives_the_bot_nothing_to_write_to_but_its_keys() -> None:
    services = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())["services"]
    for name in ("web", "worker"):
        service = services[name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["volumes"] == ["keys:/var/lib/golive-pulse"]
    assert services["web"]["ports"] == ["127.0.0.1:8470:8470"]


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(DEPLOY.rglob("*")) if path.is_file() and path.suffix not in {".png", ".zip"}],
    ids=lambda path: path.name,
)
def test_only_settings_that_exist_are_set(path: Path) -> None:
    assert set(re.findall(r"\bPULSE_[A-Z_]+\b", path.read_text())) <= SETTINGS


def test_systemd_runs_the_bot_as_nobody_with_one_folder() -> None:
    unit = (DEPLOY / "systemd" / "golive-pulse.service").read_text()
    for line in ("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet="):
        assert line in unit.splitlines()
