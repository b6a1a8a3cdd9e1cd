"""What a command that works on data asks of the settings before it begins, beyond their form."""

from __future__ import annotations

from orchestration.errors import SettingsError
from orchestration.settings import PREFIX, Settings, load_settings


def settings_to_work() -> Settings:
    """The settings, fit to land, build and serve with.

    Raises:
        SettingsError: a setting is wrong, or the province is not in the catalogue.
    """
    settings = load_settings()
    require_province(settings.province)
    return settings


def require_province(province: str) -> None:
    """Make sure that the catalogue knows ``province``: without communes every file would be refused.

    Raises:
        SettingsError: it does not.
    """
    from orchestration.landing.communes import COMMUNE_SEED, communes_of

    if not communes_of(province):
        raise SettingsError(
            f"Danh mục không có tỉnh mã {province} ({PREFIX}PROVINCE). Mã các tỉnh nằm ở cột province_code, "
            f"tên ở cột province_name, trong {COMMUNE_SEED}."
        )
