"""The one place that speaks to an engine: its client, and each of its faults as a sentence."""

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from facesearch.errors import EngineError, EngineSlow, InputError
from facesearch.gallery.engine.address import PASSWORD, PASSWORD_FILE, EngineAddress

REFUSED = (192, 193, 194, 516)  # unknown user, wrong password, required, authentication failed
FORBIDDEN = (497,)
NO_DATABASE, NO_TABLE, NO_CLUSTER = (81,), (60,), (170, 701)
TOO_SLOW = (159, 160, 209, 394)  # time limits, a socket's and the server's; cancelled
FULL = (241, 243)  # memory, disk
CONNECT = 5  # seconds to wait for a connection


class Connection:
    """Asks an engine; every value goes as a bound parameter.

    Raises `EngineError` where it can't be reached, does not know the user or refuses a query, and
    `InputError` where its packages are not installed.
    """

    def __init__(self, address: EngineAddress) -> None:
        self.address = address
        self._making = threading.Lock()
        self._client: Any = None

    def columns(self, query: str, parameters: Mapping[str, Any] | None = None) -> list[list[Any]]:
        """The columns of an answer; none at all where it has no row."""
        with self._told():
            found = self._connected().query(
                query, parameters=dict(parameters or {}), column_oriented=True
            )
            return [list(each) for each in found.result_set]

    def command(self, statement: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Have a statement carried out that has no answer."""
        with self._told():
            self._connected().command(statement, parameters=dict(parameters or {}))

    def insert(
        self, table: str, columns: Mapping[str, Sequence[Any] | np.ndarray], kinds: Sequence[str]
    ) -> None:
        """Append rows, given column by column, in one block. `table` is an identifier."""
        with self._told():
            self._connected().insert(
                table,
                list(columns.values()),
                column_names=list(columns),
                column_type_names=list(kinds),
                column_oriented=True,
            )

    def close(self) -> None:
        """End the connection."""
        with self._making:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _connected(self) -> Any:
        with self._making:
            if self._client is None:
                self._client = _connect(self.address)
            return self._client

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except InputError:
            raise
        except ImportError as error:
            raise InputError(
                f"An engine needs packages that are not here ({error.name}). Install them with: "
                'pip install "facesearch[engine]"'
            ) from None
        except Exception as error:
            if not _is_of_client(error):
                raise
            raise _sentence(self.address, error) from None


def _connect(address: EngineAddress) -> Any:
    import clickhouse_connect

    # Faults are told in sentences; without a handler, its log would be printed beside them.
    logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())
    # Compiling each new sum takes longer than it saves, of a million faces.
    settings = {"max_execution_time": str(address.timeout), "compile_expressions": "0"}
    if address.host is None:
        where = "chdb://memory" if address.folder is None else f"chdb://{address.folder}"
        return clickhouse_connect.get_client(dsn=where, settings=settings)
    return clickhouse_connect.get_client(
        host=address.host,
        port=address.port,
        username=address.user,
        password=address.password,
        database=address.database,
        interface="https" if address.secure else "http",
        connect_timeout=CONNECT,
        send_receive_timeout=address.timeout + 1,
        form_encode_query_params=True,  # hundreds of numbers would not fit into an address
        autogenerate_session_id=False,  # queries of many people run side by side
        settings=settings,
    )


def _is_of_client(error: Exception) -> bool:
    """Whether an engine or the way to it is at fault, and not a mistake in this program."""
    from clickhouse_connect.driver.exceptions import ClickHouseError
    from urllib3.exceptions import HTTPError

    return isinstance(error, ClickHouseError | HTTPError | OSError)


def _sentence(where: EngineAddress, error: Exception) -> EngineError:
    """What an error of the client means. Its text is left out: it quotes whole queries."""
    code, name = getattr(error, "code", None), getattr(error, "name", None)
    kinds = {type(each).__name__ for each in _chain(error)}
    if code in TOO_SLOW or kinds & {"ReadTimeoutError", "TimeoutError"}:
        return EngineSlow(
            f"The engine ({where}) took longer than {where.timeout:g} seconds. Ask for less, or "
            "give it longer with timeout= in --engine."
        )
    if code in REFUSED:
        return EngineError(
            f"The engine ({where}) refuses the user {where.user!r} or the password. Put the "
            f"password into the environment as {PASSWORD}, or into a file that {PASSWORD_FILE} "
            "names."
        )
    if code in FORBIDDEN:
        return EngineError(
            f"The engine ({where}) does not allow this to the user {where.user!r}: have the rights "
            "granted, or name another user in --engine."
        )
    if code in NO_DATABASE:
        return EngineError(
            f"The engine ({where}) has no database {where.database!r}: create it, or name another "
            "one in --engine."
        )
    if code in NO_CLUSTER:
        return EngineError(
            f"The engine ({where}) knows no cluster {where.cluster!r}: name one of system.clusters."
        )
    if code in NO_TABLE:
        return EngineError(
            f"The engine ({where}) has no table of these faces any more, or not yet. Load a bundle "
            "with: python -m facesearch load BUNDLE --engine URL; then start again."
        )
    if code in FULL:
        return EngineError(f"The engine ({where}) has run out of room ({name}). Make some.")
    if code is None:
        return EngineError(
            f"The engine ({where}) can't be reached ({_reason(error)}). Check that it runs, and "
            "the address in --engine. What is asked once it is back is answered."
        )
    return EngineError(f"The engine ({where}) refuses to answer ({name}, code {code}).")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        reason = getattr(error, "reason", None)
        error = (
            reason if isinstance(reason, BaseException) else error.__cause__ or error.__context__
        )


def _reason(error: Exception) -> str:
    """The system's own word for the failure, else the kind of the innermost error."""
    last = list(_chain(error))[-1]
    return getattr(last, "strerror", None) or type(last).__name__
