"""The check digits that tell an identifier from a number that only looks like one."""

_TWO_DIGITS = {str(value): value * 2 - 9 * (value > 4) for value in range(10)}
_RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_LA_POSTE = "356000000"


def digits_of(text: str) -> str:
    """Return the ASCII digits of `text`, in order."""
    return "".join(char for char in text if char.isascii() and char.isdigit())


def is_luhn(digits: str) -> bool:
    """Say whether the digits satisfy the Luhn formula (ISO/IEC 7812-1, annex B)."""
    odd = sum(map(int, digits[-1::-2]))
    even = sum(_TWO_DIGITS[digit] for digit in digits[-2::-2])
    return (odd + even) % 10 == 0


def is_iban(compact: str) -> bool:
    """Say whether an IBAN without separators passes ISO 7064 MOD 97-10."""
    moved = compact[4:] + compact[:4]
    try:
        return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1
    except ValueError:
        return False


def is_rib(compact: str) -> bool:
    """Say whether the 23 characters of a French bank identity carry the right key.

    Key = 97 - (89 bank + 15 branch + 3 account) mod 97, letters counting 1-9, 1-9, 2-9 (CFONB).
    """
    account = compact[10:21].upper().translate(_RIB_LETTERS)
    bank, branch, key = compact[:5], compact[5:10], compact[21:]
    if len(compact) != 23 or not (bank + branch + account + key).isdigit():
        return False
    return 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97 == int(key)


def is_nir(compact: str) -> bool:
    """Say whether the 15 characters of a French social security number carry the right key.

    Key = 97 - (number mod 97), where Corsica's 2A counts as 19 and 2B as 18 (INSEE).
    """
    number = compact[:13].upper().replace("2A", "19").replace("2B", "18")
    if len(compact) != 15 or not (number + compact[13:]).isdigit():
        return False
    return 97 - int(number) % 97 == int(compact[13:])


def is_siret(digits: str) -> bool:
    """Say whether 14 digits are a SIRET: Luhn, or La Poste's own rule (sum divisible by 5)."""
    if len(digits) != 14:
        return False
    if digits.startswith(_LA_POSTE):
        return is_luhn(digits) or sum(map(int, digits)) % 5 == 0
    return is_luhn(digits)


def is_ean13(digits: str) -> bool:
    """Say whether 13 digits are a valid product barcode (GS1 check digit)."""
    if len(digits) != 13:
        return False
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits[:12]))
    return (10 - total % 10) % 10 == int(digits[12])


def is_swiss_ahv(digits: str) -> bool:
    """Say whether 13 digits are a Swiss insurance number: prefix 756 and an EAN-13 check digit."""
    return digits.startswith("756") and is_ean13(digits)
