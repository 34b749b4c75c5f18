"""Typed access to the keys of one JSON object; what is not asked for is unknown and refused."""

from typing import Any

_REQUIRED: Any = object()


class CardError(ValueError):
    """A model card that cannot be used; the message names the key."""


class CardObject:
    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise CardError(f"{path} must be an object")
        self._value: dict[str, Any] = value
        self._path = path
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        self._asked.add(key)
        return key in self._value

    def refuse_unknown(self) -> None:
        unknown = sorted(self._value.keys() - self._asked)
        if unknown:
            raise CardError(f"{self._path} has unknown keys: {', '.join(unknown)}")

    def child(self, key: str, default: Any = _REQUIRED) -> "CardObject":
        return CardObject(self._get(key, default), key)

    def text(self, key: str, default: Any = _REQUIRED, longest: int | None = None) -> str:
        return self._text(key, self._get(key, default), longest)

    def nullable_text(self, key: str) -> str | None:
        value = self._get(key, None)
        self._require(value is None or isinstance(value, str), key, "text or null")
        return value

    def texts(self, key: str, default: Any = _REQUIRED, longest: int | None = None) -> list[str]:
        values = self._get(key, default)
        self._require(isinstance(values, list | tuple), key, "a list of texts")
        if longest is not None:
            return [self._text(key, value, longest) for value in values]
        self._require(all(isinstance(value, str) for value in values), key, "a list of texts")
        return list(values)

    def text_by_name(self, key: str) -> dict[str, str] | None:
        if key not in self:
            return None
        values = self._value[key]
        self._require(isinstance(values, dict), key, "an object of texts")
        return {name: self._text(f"{key}.{name}", value, 100) for name, value in values.items()}

    def choice(self, key: str, default: Any, allowed: tuple[Any, ...]) -> Any:
        value = self._get(key, default)
        fits = not isinstance(value, bool) and value in allowed
        self._require(fits, key, "one of " + ", ".join(map(str, allowed)))
        return value

    def integer(self, key: str, default: int, least: int, most: int) -> int:
        value = self._get(key, default)
        whole = _is_number(value) and value == int(value) and least <= value <= most
        self._require(whole, key, f"a whole number from {least} to {most}")
        return int(value)

    def number(self, key: str, default: float) -> float:
        value = self._get(key, default)
        self._require(_is_number(value), key, "a number")
        return value

    def numbers(self, key: str, default: tuple[float, ...]) -> tuple[float, ...]:
        values = self._get(key, default)
        listed = isinstance(values, list | tuple) and 1 <= len(values) <= 3
        self._require(listed and all(map(_is_number, values)), key, "a list of 1 to 3 numbers")
        return tuple(values)

    def _get(self, key: str, default: Any) -> Any:
        if key in self:
            return self._value[key]
        self._require(default is not _REQUIRED, key, "present")
        return default

    def _text(self, key: str, value: object, longest: int | None) -> str:
        self._require(isinstance(value, str) and value != "", key, "a text that is not empty")
        # JSON's other readers count UTF-16 units; a name may not pass here and fail there.
        length = len(str(value).encode("utf-16-le")) // 2
        self._require(longest is None or length <= longest, key, f"at most {longest} characters")
        return str(value)

    def _require(self, holds: bool, key: str, what: str) -> None:
        if not holds:
            raise CardError(f"{self._path}.{key} must be {what}")


def _is_number(value: object) -> bool:
    finite_or_float = isinstance(value, int | float) and not isinstance(value, bool)
    return finite_or_float and abs(value) != float("inf") and value == value
