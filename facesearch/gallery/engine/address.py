"""Where an engine is: its address as a person gives it, and the password, which comes elsewhere."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from facesearch.errors import InputError, quoted

PASSWORD, PASSWORD_FILE = "FACESEARCH_ENGINE_PASSWORD", "FACESEARCH_ENGINE_PASSWORD_FILE"
SECURE = (443, 8443)  # ports that are asked by TLS unless the address says otherwise
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
FORM = "clickhouse://USER@HOST:8443/DATABASE?table=faces"
TIMEOUT = 15.0  # seconds that an answer may take


@dataclass(frozen=True)
class EngineAddress:
    """An engine's address, checked.

    Attributes:
        host: of the server, or None for an engine in this process.
        port: of its HTTP interface.
        user: whom the server knows.
        database: in which the tables are.
        table: what the tables' names start with.
        cluster: on which they are made, or None for one machine.
        secure: whether it is asked by TLS.
        timeout: seconds that an answer may take.
        folder: of the engine in this process, or None where it is in memory alone.
        password: from the environment or a file; never shown.
    """

    host: str | None
    port: int
    user: str
    database: str
    table: str = "faces"
    cluster: str | None = None
    secure: bool = False
    timeout: float = TIMEOUT
    folder: str | None = None
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Where it is, without a secret."""
        return "the engine in this process" if self.host is None else f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, address: str, environment: Mapping[str, str] = os.environ) -> "EngineAddress":
        """The address in `clickhouse://user@host:port/database?table=T&cluster=C&secure=1&timeout=9`
        (all but the host may be left out), or `chdb://FOLDER` and `chdb://memory` for an engine in
        this process. `InputError` where it is none, and for a password in it."""
        try:
            parts = urlsplit(address)
            host, port, password = parts.hostname, parts.port, parts.password
        except ValueError:
            raise InputError(f"--engine is no address: give one as {FORM}") from None
        if password is not None or "password" in parts.query.lower():
            raise InputError(
                "--engine holds a password, which the shell's history would keep. Leave it out, "
                f"and put it into the environment as {PASSWORD}, or a file that {PASSWORD_FILE} "
                "names."
            )
        if parts.scheme not in ("clickhouse", "chdb"):
            raise InputError(f"--engine {quoted(address)}: give an address as {FORM}")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        unknown = set(options) - {"table", "cluster", "secure", "timeout"}
        if unknown:
            raise InputError(
                f"--engine has no {quoted(min(unknown))}: it takes table, cluster, secure, timeout."
            )
        named = {"table": options.get("table", "faces")}
        if "cluster" in options:
            named["cluster"] = options["cluster"]
        seconds = options.get("timeout", str(TIMEOUT))
        if not re.fullmatch(r"\d{1,5}(\.\d+)?", seconds) or not float(seconds) > 0:
            raise InputError(f"--engine: timeout is {quoted(seconds)}: give seconds, such as 15.")
        if parts.scheme == "chdb":
            folder = None if host == "memory" else unquote(parts.netloc + parts.path)
            if folder == "":
                raise InputError("--engine chdb:// names no folder: give chdb:///FOLDER.")
            place = cls(None, 0, "default", "default", folder=folder, timeout=float(seconds))
        else:
            if not host:
                raise InputError(f"--engine {quoted(address)}: names no host; give one as {FORM}")
            secure = options.get("secure")
            if secure not in (None, "0", "1"):
                raise InputError(f"--engine: secure is {quoted(secure)}: give 1 for TLS, or 0.")
            by_tls = port in SECURE if secure is None else secure == "1"
            named["database"] = parts.path.strip("/") or "default"
            place = cls(
                host,
                port or (8443 if by_tls else 8123),
                unquote(parts.username or "default"),
                named["database"],
                secure=by_tls,
                timeout=float(seconds),
                password=_password(environment),
            )
        for what, name in named.items():
            if not IDENTIFIER.fullmatch(name):
                raise InputError(
                    f"--engine: the {what} is {quoted(name)}: give letters, digits and '_'."
                )
        return cls(**(vars(place) | named))


def _password(environment: Mapping[str, str]) -> str:
    """What the environment has, or the first line of the file that it names."""
    file = environment.get(PASSWORD_FILE)
    if file is None:
        return environment.get(PASSWORD, "")
    try:
        return (Path(file).read_text("utf-8").splitlines() or [""])[0]
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(f"{PASSWORD_FILE} names a file that can't be read ({why}).") from None
