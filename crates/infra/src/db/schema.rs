//! The tables as all three dialects of the migrations make them; `tests/migrations.rs` compares.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    users (number) {
        number -> BigInt,
        id -> Binary,
        username -> Nullable<Text>,
        username_key -> Nullable<Text>,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        email_verified_at -> Nullable<UtcTime>,
        pending_email -> Nullable<Text>,
        pending_email_key -> Nullable<Text>,
        mobile -> Nullable<Text>,
        mobile_key -> Nullable<Text>,
        mobile_verified_at -> Nullable<UtcTime>,
        pending_mobile -> Nullable<Text>,
        pending_mobile_key -> Nullable<Text>,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        display_name -> Nullable<Text>,
        display_key -> Nullable<Text>,
        gender -> Nullable<Text>,
        facility_id -> Nullable<Text>,
        profile_picture -> Nullable<Text>,
        consent -> Bool,
        status -> Text,
        roles -> Text,
        password_hash -> Text,
        epoch -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
        version -> BigInt,
        avatar -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    sessions (id) {
        id -> Binary,
        user_id -> Binary,
        epoch -> BigInt,
        door -> Text,
        transport -> Text,
        secret_hash -> Binary,
        generation -> BigInt,
        rotated_at -> UtcTime,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        created_at -> UtcTime,
        last_seen_at -> UtcTime,
        expires_at -> UtcTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    throttles (id) {
        id -> Binary,
        taken -> BigInt,
        ends_at -> UtcTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    codes (id) {
        id -> Binary,
        user_id -> Nullable<Binary>,
        purpose -> Text,
        handle_hash -> Binary,
        code_hash -> Binary,
        tries_left -> BigInt,
        created_at -> UtcTime,
        expires_at -> UtcTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    dispatches (id) {
        id -> Binary,
        sealed -> Text,
        attempts -> BigInt,
        created_at -> UtcTime,
        due_at -> UtcTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    books (number) {
        number -> BigInt,
        id -> Binary,
        title -> Text,
        title_key -> Text,
        author -> Text,
        author_key -> Text,
        isbn -> Nullable<Text>,
        isbn_key -> Nullable<Text>,
        published_year -> Nullable<BigInt>,
        copies -> BigInt,
        added_by -> Nullable<Binary>,
        created_at -> UtcTime,
        updated_at -> UtcTime,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    chatrooms (number) {
        number -> BigInt,
        id -> Binary,
        name -> Text,
        passkey -> Nullable<Text>,
        creator -> Nullable<Binary>,
        last_sequence -> BigInt,
        created_at -> UtcTime,
        updated_at -> UtcTime,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    members (chatroom_id, user_id) {
        chatroom_id -> Binary,
        user_id -> Binary,
        joined_at -> UtcTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    messages (number) {
        number -> BigInt,
        id -> Binary,
        chatroom_id -> Binary,
        sequence -> BigInt,
        author -> Binary,
        text -> Text,
        text_key -> Text,
        created_at -> UtcTime,
        updated_at -> UtcTime,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    likes (message_id, user_id) {
        message_id -> Binary,
        user_id -> Binary,
        created_at -> UtcTime,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    audit_events (id) {
        id -> Binary,
        occurred_at -> UtcTime,
        action -> Text,
        outcome -> Text,
        actor_id -> Nullable<Binary>,
        subject_id -> Nullable<Binary>,
        session_id -> Nullable<Binary>,
        door -> Nullable<Text>,
        request_id -> Nullable<Text>,
        detail -> Nullable<Text>,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        salt -> Nullable<Binary>,
        traits_hash -> Binary,
        sequence -> Nullable<BigInt>,
        link_hash -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;

    audit_heads (id) {
        id -> BigInt,
        sequence -> BigInt,
        link_hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::columns::UtcTime;

    idempotency_keys (id) {
        id -> Binary,
        holder -> Binary,
        fingerprint -> Binary,
        principal -> Nullable<Binary>,
        changed -> Bool,
        reply -> Nullable<Text>,
        held_until -> UtcTime,
        expires_at -> UtcTime,
    }
}

diesel::allow_tables_to_appear_in_same_query!(users, sessions, chatrooms, members, messages, likes);
