"""Where links lead: the host, and on sites that many shops share the shop's own part of it."""

import re

# Nobody's own: couriers, public bodies and what everybody links to.
_PUBLIC = {
    *("cjlogistics.com", "lotteglogis.com", "hanjin.com", "hanjin.co.kr", "epost.go.kr", "epost.kr", "ilogen.com"),
    *("kdexp.com", "cvsnet.co.kr", "cupost.co.kr", "doortodoor.co.kr", "juso.go.kr", "kca.go.kr", "ftc.go.kr"),
    *("hometax.go.kr", "mfds.go.kr", "safetykorea.kr", "naver.com", "naver.me", "kakao.com", "daum.net"),
    *("google.com", "google.co.kr", "youtube.com", "youtu.be", "instagram.com", "facebook.com"),
    *("tosspayments.com", "inicis.com", "gmail.com", "hanmail.net"),
    *("bit.ly", "me2.do", "han.gl", "vo.la", "url.kr", "forms.gle", "t.co", "tinyurl.com", "zrr.kr", "buly.kr"),
}
# Here a shop is the first part of the path.
_SHARED = {
    *("smartstore.naver.com", "brand.naver.com", "blog.naver.com", "cafe.naver.com", "talk.naver.com"),
    *("pf.kakao.com", "store.kakao.com", "open.kakao.com", "instagram.com", "youtube.com", "facebook.com"),
}
# Under these, of a country, everybody has a name; under the sites below too.
_SUFFIX = re.compile("(?:ac|co|com|edu|es|go|gov|hs|kg|mil|ms|ne|net|or|org|pe|re|sc|seoul|busan|jeju)[.][a-z]{2}")
_SITES = {
    *("cafe24.com", "imweb.me", "modoo.at", "sixshop.com", "godomall.com", "makeshop.co.kr", "tistory.com"),
    *("myshopify.com", "blogspot.com", "github.io", "notion.site", "netlify.app", "vercel.app", "wixsite.com"),
}
# It begins where a name begins, lest a text of dots be read again from each of them.
_BEGINS = r"(?<![a-z0-9-])(?<![a-z0-9-]\.)"
_HOST = r"((?:[a-z0-9][a-z0-9-]{0,62}\.)+[a-z]{2,24})"
_LINK = re.compile(_BEGINS + _HOST + r"(?::\d+)?(?:/([^/\s?#]*))?", re.ASCII)
_WEB = ("www.", "m.")


def places(text: str) -> dict[str, str]:
    """Return the places that `text` links to, each with the words that do; mail addresses count by their host."""
    found = {}
    for match in _LINK.finditer(text.casefold()):
        place = _place(match[1], match[2] or "")
        if place:
            found[place] = match[0]
    return found


def leads_to(place: str, marked: str) -> bool:
    """Return whether `place` is the marked one, or lies below its host."""
    return place == marked or place.endswith(f".{marked}")


def _place(host: str, part: str) -> str:
    for start in _WEB:
        host = host.removeprefix(start)
    if host in _SHARED:
        return f"{host}/{part}" if part else ""
    if host in _SITES or _SUFFIX.fullmatch(host):
        return ""
    labels = host.split(".")
    above = {".".join(labels[number:]) for number in range(len(labels))}
    return "" if above & _PUBLIC else host
