"""The campaign folder in, frozen settings out: year, roster, approved targets, where everything lies."""

from evalbatch.campaign.folder import Campaign, load_campaign
from evalbatch.campaign.roster import Match, Roster, fold, load_roster
from evalbatch.campaign.settings import Settings, load_settings
from evalbatch.campaign.starter import start_campaign

__all__ = [
    "Campaign",
    "Match",
    "Roster",
    "Settings",
    "fold",
    "load_campaign",
    "load_roster",
    "load_settings",
    "start_campaign",
]
