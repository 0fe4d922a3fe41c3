"""The fields that vendors' documents require of an answer and that tell our adapters nothing.

A stand-in's answers are as long as the vendor's, so that nothing works only because they are short.
Source: the documents that `make contracts` reads.
"""

from typing import Any

_AT = "2026-11-20T09:00:00.000Z"
_URL = "https://far.example/x"


def _made(**words: str) -> dict[str, Any]:
    """Return one neutral value for each name, by what kind of value it has."""
    values: dict[str, Any] = {
        "null": None,
        "no": False,
        "zero": 0,
        "text": "",
        "url": _URL,
        "at": _AT,
        "empty": (),
    }
    return {
        name: [] if kind == "empty" else values[kind]
        for kind, names in words.items()
        for name in names.split()
    }


DISCORD_USER = {"discriminator": "0"} | _made(
    null="avatar global_name primary_guild", zero="public_flags flags"
)
DISCORD_MESSAGE = _made(
    zero="flags",
    empty="mentions mention_roles attachments embeds components",
    null="edited_timestamp",
    no="pinned mention_everyone tts",
)
DISCOURSE_POST = _made(
    zero="posts_count reply_count quote_count incoming_link_count reads readers_count version "
    "user_id trust_level reviewable_score_count reviewable_score_pending_count score",
    null="primary_group_name flair_name flair_url flair_bg_color flair_color user_title deleted_at "
    "edit_reason reviewable_id name display_username",
    text="avatar_template topic_slug post_url",
    at="updated_at",
    no="yours can_edit can_delete can_recover can_wiki bookmarked moderator admin staff hidden "
    "user_deleted can_view_edit_history wiki",
    empty="actions_summary",
)
DISCOURSE_LISTED = DISCOURSE_POST | _made(
    null="flair_group_id",
    text="topic_title topic_html_title excerpt",
    no="can_see_hidden_post truncated",
    empty="badges_granted",
)
_PERSON = {"id": 2} | _made(text="username name avatar_template")
DISCOURSE_TOPIC = _made(
    empty="timeline_lookup suggested_topics tags actions_summary bookmarks",
    zero="posts_count views reply_count like_count category_id user_id slow_mode_seconds "
    "draft_sequence chunk_size message_bus_last_id participant_count word_count "
    "highest_post_number",
    text="title fancy_title archetype slug draft_key",
    at="created_at",
    null="last_posted_at deleted_at featured_link pinned_at pinned_until image_url draft unpinned "
    "deleted_by topic_timer thumbnails slow_mode_enabled_until",
    no="has_summary pinned_globally pinned has_deleted bookmarked show_read_indicator",
) | {
    "visible": True,
    "tags_descriptions": {},
    "details": {
        "can_edit": False,
        "notification_level": 1,
        "created_by": _PERSON,
        "last_poster": _PERSON,
    }
    | _made(
        no="can_move_posts can_delete can_remove_allowed_users can_create_post "
        "can_reply_as_new_topic can_convert_topic can_review_topic can_close_topic "
        "can_archive_topic can_split_merge_topic can_edit_staff_notes can_toggle_topic_visibility "
        "can_pin_unpin_topic can_moderate_category",
        zero="can_remove_self_id",
    ),
}
MASTODON_ACCOUNT = _made(
    text="display_name note username",
    url="avatar avatar_static header header_static uri url",
    no="bot group indexable locked",
    at="created_at",
    empty="emojis fields",
    zero="followers_count following_count statuses_count",
)
MASTODON_OWN = MASTODON_ACCOUNT | {
    "role": {"id": "-99"} | _made(text="color name permissions", no="highlighted"),
    "source": {"privacy": "public"}
    | _made(empty="fields", zero="follow_requests_count", no="indexable sensitive", text="note"),
}
MASTODON_STATUS = _made(
    url="uri",
    empty="emojis mentions tags",
    zero="favourites_count reblogs_count replies_count",
    no="sensitive",
)
MASTODON_REPORT = {"id": "1", "category": "other"} | _made(
    no="action_taken forwarded", text="comment", at="created_at"
)
