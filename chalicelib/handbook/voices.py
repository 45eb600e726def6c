"""What tells one shop's voice from another's, and how it is found in a text.

Letters alone are compared: blanks, signs and case do not make two lines different. A Hangul syllable says about as
much as two Latin letters, so lengths are counted in that weight.
"""

import hmac
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from chalicelib.handbook.model import Answer, Fault, Finding, Handbook, Marks, Trace
from chalicelib.handbook.places import leads_to, places
from chalicelib.handbook.reading import as_read
from chalicelib.handbook.slots import literal
from chalicelib.tenants.model import Tenant

# 12 syllables make a line one's own, 18 a passage of one: no two people write those alike by chance.
LINE_WEIGHT, PASSAGE_WEIGHT = 24, 36
_LONG_NAME, _LONG_LATIN, _NAME_WEIGHT = 4, 7, 4
_HEX = 16
_SHOWN = 100
# What every shop says is nobody's, however long it gets when it is strung together.
_COURTESIES = re.compile(
    "안녕하세요|안녕하십니까|반갑습니다|고객님|무엇을도와드릴까요|문의(?:해)?주셔서|연락주셔서|기다려주셔서"
    "|이용해주셔서|구매해주셔서|감사합니다|감사드립니다|고맙습니다|죄송합니다|불편을드려|불편을드린점|양해부탁드립니다|좋은하루보내세요"
    "|즐거운하루보내세요|행복한하루되세요|편안한하루보내세요|확인후|다시|안내해드리겠습니다|안내드리겠습니다|안내해드릴게요|안내드릴게요"
    "|잠시만기다려주세요|잠시만기다려주시겠어요|언제든지|편하게|말씀해주세요|문의해주세요|추가로|궁금하신점이있으시면|궁금한점이있으면"
    "|더필요하신점이있으시면|확인해보겠습니다|확인해볼게요|빠르게|도와드리겠습니다|도와드릴게요|답변드리겠습니다|답변드릴게요|항상|저희"
    "|hello|dearcustomer|thankyouforyour|thankyou|forcontactingus|message|pleaseletusknow|ifyouhaveanyquestions"
    "|wewillgetbacktoyou|wearesorry|fortheinconvenience|haveaniceday|assoonaspossible"
)
_SAID = r"\s*(?:입니다|이에요|예요|이예요|드림|올림|배상|(?:이?라고)\s*(?:합니다|해요))"
_SAYS = r"(?:상담사|상담원|매니저|담당자?|저는|this\s+is|i['’]?\s*a?m|my\s+name\s+is|regards,?)\s*"
_FOLLOWS = "[은는이가을를과와의에로도만]|입니다|예요|이에요|드림|라고|처럼"


def marks(tenant: Tenant, handbook: Handbook, answers: Iterable[Answer], key: bytes) -> Marks:
    """Return what tells the voice of `tenant` from the others'; `key` hides what its lines say."""
    said, persona = [one.wording.text for one in answers], tenant.persona
    names = [as_read(name).strip() for name in (tenant.name, tenant.name_en)]
    links = [*(link.url for link in handbook.links), *said]
    return Marks(
        pool=tenant.pool,
        names=tuple(dict.fromkeys(filter(_is_name, names))),
        personas=tuple(filter(None, [as_read(persona.agent_name).strip()])),
        places=tuple(dict.fromkeys(place for text in links for place in places(text))),
        greetings=_hashes([persona.greeting, persona.signature], key),
        lines=_hashes(said, key),
    )


def foreign(text: str, own: Marks, others: Iterable[Marks], key: bytes, *, said: str = "") -> list[Finding]:
    """Return by what `text` is another shop's; what is this shop's own too, or that of two others, is nobody's.

    `said` is all that this shop's handbook and answers say: a name that stands there is no mistake.
    """
    known = list(others)
    usual = _letters(said)
    return [
        *_links(text, own, known),
        *(found for found in _names(text, own, known) if _letters(found.what) not in usual),
        *_personas(text, own, known),
        *_lines(text, own, known, key),
    ]


def _links(text: str, own: Marks, others: list[Marks]) -> Iterator[Finding]:
    for place, words in places(text).items():
        if any(leads_to(place, mine) for mine in own.places):
            continue
        if sum(any(leads_to(place, marked) for marked in one.places) for one in others) == 1:
            yield _wrong(words, Trace.LINK)


def _names(text: str, own: Marks, others: list[Marks]) -> Iterator[Finding]:
    """The longest name counts: a shop's own may stand within another's, and another's within its own."""
    mine = {_letters(name) for name in own.names}
    every = sorted({*own.names, *(name for one in others for name in one.names)}, key=len, reverse=True)
    if every:
        pattern = re.compile("|".join(map(_named, every)))
        for words in dict.fromkeys(match[0] for match in pattern.finditer(text)):
            if _letters(words) not in mine:
                yield _wrong(words, Trace.NAME)


def _personas(text: str, own: Marks, others: list[Marks]) -> Iterator[Finding]:
    """A persona's name is mostly a person's too: it counts where somebody introduces or signs oneself by it."""
    mine = {_letters(name) for name in own.personas}
    theirs = {name for one in others for name in one.personas if _letters(name) not in mine}
    for name in sorted(theirs):
        bare = _spaced(name)
        pattern = rf"(?<![^\W_])(?:{_SAYS}{bare}(?![^\W_])|{bare}{_SAID}|{_SAYS}{bare}{_SAID})"
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            yield _wrong(found[0].strip(), Trace.PERSONA)


def _lines(text: str, own: Marks, others: list[Marks], key: bytes) -> Iterator[Finding]:
    mine = {*own.lines, *own.greetings}
    shared = Counter(mark for one in others for mark in {*one.lines, *one.greetings})
    greetings = {mark for one in others for mark in one.greetings}
    told = set[str]()  # one finding for a line, however many passages of it are marks
    for words, piece in _pieces(text):
        mark = _hash(piece, key)
        if shared[mark] == 1 and mark not in mine and words not in told:
            told.add(words)
            yield _wrong(words, Trace.PERSONA if mark in greetings else Trace.ANSWER)


def _hashes(texts: Iterable[str], key: bytes) -> tuple[str, ...]:
    """Return the marks of texts: of whole lines without slots, and of how each sentence between slots begins."""
    found: dict[str, None] = {}
    for text in texts:
        for line in text.splitlines():
            runs = literal(line)
            if len(runs) == 1 and _tells(whole := _letters(line)):
                found[_hash(whole, key)] = None
        for run in literal(text.replace("\n", ". ")):
            for sentence in re.split(r"[.!?~]+\s", run):
                passage = next(_passages(_letters(sentence)), "")
                if _tells(passage):
                    found[_hash(passage, key)] = None
    return tuple(found)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield all of `text` that may be a mark, each with the words that it stands in."""
    for line in text.splitlines():
        whole = _letters(line)
        yield line.strip(), whole
        for passage in _passages(whole):
            yield line.strip(), passage


def _passages(letters: str) -> Iterator[str]:
    """Yield from each letter on as much as makes a passage."""
    end = weight = 0
    for start, sign in enumerate(letters):
        while weight < PASSAGE_WEIGHT and end < len(letters):
            weight += _weight(letters[end])
            end += 1
        if weight < PASSAGE_WEIGHT:
            return
        yield letters[start:end]
        weight -= _weight(sign)


def _tells(letters: str) -> bool:
    """Return whether enough is left without courtesies to be somebody's own words."""
    return sum(map(_weight, _COURTESIES.sub("", letters))) >= LINE_WEIGHT


def _weight(sign: str) -> int:
    return 2 if "가" <= sign <= "힣" else 1


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, as_read(text).casefold()))


def _hash(piece: str, key: bytes) -> str:
    return hmac.digest(key, piece.encode(), "sha256").hex()[:_HEX]


def _is_name(name: str) -> bool:
    """Return whether a shop can be told by its name: whoever is called 고객님 must not silence everybody."""
    return sum(map(_weight, _COURTESIES.sub("", _letters(name)))) >= _NAME_WEIGHT


def _named(name: str) -> str:
    """Return the pattern of a shop's name; a short one counts as it is written, where a name can stand."""
    letters = _letters(name)
    short = len(letters) < (_LONG_LATIN if letters.isascii() else _LONG_NAME)
    if letters.isascii():
        return rf"(?<![^\W_])(?{'' if short else 'i'}:{_spaced(name)})(?![A-Za-z0-9])"
    return rf"(?<![^\W_]){re.escape(name)}(?=$|[\W_]|{_FOLLOWS})" if short else rf"(?<![^\W_]){_spaced(name)}"


def _spaced(name: str) -> str:
    return r"\s*".join(re.escape(sign) for sign in name if not sign.isspace())


def _wrong(what: str, kind: Trace) -> Finding:
    return Finding(Fault.WRONG_SHOP, what[:_SHOWN], kind=kind)
