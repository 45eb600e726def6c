"""A good body of every section of a shop's choices."""

from typing import Any

GOALS = {
    "first_reply_seconds": 60,
    "wait_seconds": 30,
    "resolved_percent": 95,
    "satisfied_percent": 90,
    "self_service_percent": 20,
}
SCOPE = {"in_house": ["defect"], "bot": ["delivery"]}
HOURS = {
    "hours": {"mon": ["09:00-12:00", "13:00-18:00"], "sat": ["10:00-14:00"]},
    "holidays": {"closed": True, "open_on": ["2026-12-25"], "closed_on": ["2026-12-31"]},
}
VOICE = {
    "agent_name": "하늘",
    "tone": "또박또박",
    "greeting": "하늘이에요!",
    "signature": "하늘 올림",
    "language": "ko",
}
CHANNELS = {"channels": ["chat", "email", "kakao"]}
ABOUT = {
    "name": "하늘가게",
    "name_en": "Haneul",
    "kind": "fashion",
    "volume": {"contacts_a_day": 40, "promotions_a_month": 2, "budget_won": 900_000, "ages": ["twenties"]},
    "language": "en",
    "emergency_phone": "010-1234-5678",
}
SURGE = {"message": 30, "offer": 90, "reserve": 300, "staff": 900}
EACH: dict[str, dict[str, Any]] = {
    "goals": GOALS,
    "scope": SCOPE,
    "hours": HOURS,
    "voice": VOICE,
    "channels": CHANNELS,
    "about": ABOUT,
    "surge": SURGE,
}
