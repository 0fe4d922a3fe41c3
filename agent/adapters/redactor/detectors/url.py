"""Links that lead to a person: profiles, personal pages, shared files, anybody's own site.

A link in a customer's message is taken for personal unless it is plainly public: an
institution, a newspaper, an encyclopaedia, a large shop (`_PUBLIC`), or "your site" followed by
a name. On social networks the network's own pages are public and everybody's profile is not.
Wherever it leads, a link into an account, an order, a parcel, an advertisement or a profile,
or with a query that names one, is personal (`_PRIVATE`). The brand's own are taken out later.
"""

import re
from collections.abc import Iterator

from agent.adapters.redactor.detectors.cues import precedes
from agent.adapters.redactor.found import Found

_TLD = (
    r"(?:com|fr|net|org|eu|be|ch|ca|lu|re|nc|bzh|corsica|paris|info|biz|io|me|co|uk|us|de|it|es|pt"
    r"|nl|pl|ro|tr|ma|dz|tn|sn|ci|cm|pro|email|online|shop|blog|site|app|dev|page|photo|photos|art"
    r"|studio|live|tv|ly|gl|gg|ee|link|xyz|club|world|life|store|design|edu|gov|social|be|in|au|nz"
    r"|br|mx|ar|jp|cn|in|za|ie|se|no|dk|fi|at|cz|hu|gr|ru|ua|mobi|name|top|vip|ai)"
)
_FULL = re.compile(r"(?<![\w@])(?:(?:https?|ftp)://|www\d?\.)[^\s<>\"«»]+", re.IGNORECASE)
_BARE = re.compile(
    rf"(?<![\w@./-])(?:[a-z0-9][a-z0-9-]*\.)+{_TLD}(?:\.[a-z]{{2}})?(?:(?:/[^\s<>\"«»]*)|(?![\w@-]))",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?…'\")]}"
_NETWORKS = re.compile(
    r"(?:^|\.)(?:facebook|fb|instagram|twitter|x|tiktok|linkedin|snapchat|youtube|pinterest|threads"
    r"|twitch|bsky|mastodon|tumblr|flickr|vimeo|soundcloud|reddit|telegram|t)\.\w+$"
)
_OWN_PAGES = re.compile(r"^/?(?:help|about|legal|privacy|terms|policies|support|settings)?/?$")
_PUBLIC = re.compile(
    r"(?:^|\.)(?:gouv\.fr|service-public\.fr|legifrance\.gouv\.fr|ameli\.fr|caf\.fr|europa\.eu"
    r"|gov\.uk|canada\.ca|admin\.ch|belgium\.be|wikipedia\.org|wikimedia\.org|laposte\.fr"
    r"|lemonde\.fr|lefigaro\.fr|liberation\.fr|leparisien\.fr|ouest-france\.fr|20minutes\.fr"
    r"|bfmtv\.com|francetvinfo\.fr|radiofrance\.fr|bbc\.co\.uk|bbc\.com|nytimes\.com|theguardian\.com"
    r"|cnn\.com|amazon\.\w+|cdiscount\.com|fnac\.com|darty\.com|ikea\.com|zara\.com|decathlon\.\w+"
    r"|carrefour\.fr|leroymerlin\.fr|vinted\.\w+|leboncoin\.fr|ebay\.\w+|google\.\w+|apple\.com"
    r"|microsoft\.com|mozilla\.org|paypal\.com|trustpilot\.com|tripadvisor\.\w+|booking\.com"
    r"|airbnb\.\w+|doctolib\.fr|sncf(?:-connect)?\.com|ratp\.fr|chronopost\.fr|colissimo\.fr"
    r"|mondialrelay\.fr|ups\.com|dhl\.\w+|60millions-mag\.com|quechoisir\.org|signal\.conso)$"
)
_PRIVATE = re.compile(
    r"/(?:mon-|my-?|votre-)?(?:comptes?|accounts?|commandes?|orders?|members?|membres?|users?|profile?s?"
    r"|profils?|ads?|annonces?|suivi[\w-]*|track\w*|reservations?|bookings?|appointments?|wishlist"
    r"|listes?|invoices?|factures?|customers?|clients?|u)/[\w.@%-]"
    r"|[?&](?:code|token|id|uid|user|email|mail|order|commande|ref|tracking\w*|num\w*|session|sid|key|t)=",
    re.IGNORECASE,
)
# On these hosts a path is somebody's file, map or list, whatever the host.
_SHARED = re.compile(r"^(?:drive|docs|photos|maps|sites|calendar|plus)\.google\.|^goo\.gl$")
_YOURS = re.compile(
    r"\b(?:votre|vos|your|le) (?:site|boutique|page|appli\w*|website|shop|store|blog|faq)"
    r"(?: (?:web|internet|en ligne|officiel))?[ :(«]{0,3}$",
    re.IGNORECASE,
)
_FILE_LIKE = re.compile(r"\.(?:js|py|md|me|io|ai|co|in|at|no|it)$", re.IGNORECASE)


def find_urls(text: str) -> Iterator[Found]:
    """Yield personal links, without the punctuation that closes the sentence."""
    if "." not in text:
        return
    for match in _FULL.finditer(text):
        end = _closed(text, match.start(), match.end())
        if end - match.start() > 6 and _is_personal(text, match.start(), end):
            yield Found(match.start(), end, 0.96)
    for match in _BARE.finditer(text):
        end = _closed(text, match.start(), match.end())
        is_word_pair = _FILE_LIKE.search(text[match.start() : end])
        if not is_word_pair and _is_personal(text, match.start(), end):
            yield Found(match.start(), end, 0.85)


def _closed(text: str, start: int, end: int) -> int:
    """Leave out the sentence's punctuation, but not a bracket that the address itself opened."""
    while end > start and text[end - 1] in _TRAILING:
        is_paired = text[end - 1] == ")" and text.count("(", start, end) >= text.count(
            ")", start, end
        )
        if is_paired:
            break
        end -= 1
    return end


def _is_personal(text: str, start: int, end: int) -> bool:
    address = re.sub(r"^\w+://", "", text[start:end], flags=re.IGNORECASE)
    host, slash, path = address.partition("/")
    host = host.partition("?")[0].partition(":")[0].casefold().removeprefix("www.")
    path = slash + path
    if not any(char.isalpha() for char in host.rpartition(".")[0]):
        return text[start:end].partition("//")[2] != "" and "." in host
    if _SHARED.match(host) or _PRIVATE.search(path):
        return True
    if _NETWORKS.search(host):
        return not _OWN_PAGES.match(path)
    return not _PUBLIC.search(host) and not precedes(_YOURS, text, start, 40)
