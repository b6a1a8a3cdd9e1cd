"""``motcua serve``: from settings to running services, with the addresses once they answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from orchestration.cli.console import progress
from orchestration.errors import UnavailableError
from orchestration.locks import serve_lock
from orchestration.services.ports import reachable, require_free_ports
from orchestration.settings import Settings


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Run Dagster and Superset until told to stop; ``say`` gets the first login and the addresses.

    Raises:
        SettingsError: Dagster's pages would be open to other machines without a password.
        UnavailableError: a port is taken, the home is already served, or a service failed.
    """
    from orchestration.services.dagster_services import dagster_specs, require_sign_in
    from orchestration.services.superset_services import initialise_superset, is_usable, superset_specs
    from orchestration.services.supervisor import supervise

    require_sign_in(settings)
    settings.paths.prepare()
    with serve_lock(settings.paths), ExitStack() as shown:
        require_free_ports(settings)
        tell = shown.enter_context(progress("Chuẩn bị Superset (lần đầu mất chừng một phút)"))
        try:
            login, superset = initialise_superset(settings), superset_specs(settings)
        except UnavailableError as error:
            # Landing and the daily run go on; Superset does as it was brought in last, if it can.
            say(str(error))
            login, superset = None, superset_specs(settings) if is_usable(settings) else ()
            say(
                "Các dịch vụ còn lại vẫn được chạy."
                if superset
                else "Superset chưa chạy; Dagster vẫn được chạy."
            )
        if login is not None:
            # Said before anything else can fail: it is kept nowhere.
            say(f"Đăng nhập Superset lần đầu: {login.username} / {login.password}")
            say("Mật khẩu chỉ hiện một lần này; hãy ghi lại, hoặc đổi trong Superset.")
        tell("Khởi động Dagster và Superset")
        _bury_runs_of_the_last_service(settings)

        def ready() -> None:
            shown.close()
            for line in addresses(settings):
                say(line)
            say("Nhấn Ctrl+C để dừng.")

        supervise((*dagster_specs(settings), *superset), ready, say)
        say("Đã dừng mọi dịch vụ.")


def _bury_runs_of_the_last_service(settings: Settings) -> None:
    """What a power cut left running would keep its place for ever, and landing would wait for it."""
    from orchestration.services.dagster_instance import bury_dead_runs, open_instance

    with open_instance(settings.paths) as instance:
        bury_dead_runs(instance, of_commands=False, of_daemon=True)


def addresses(settings: Settings) -> tuple[str, ...]:
    """Where people find what is served."""
    return (
        f"Bảng điều khiển (Superset): http://{reachable(settings.host)}:{settings.superset_port}/",
        f"Vận hành (Dagster):         http://{reachable(settings.dagster_host)}:{settings.dagster_port}/",
    )
