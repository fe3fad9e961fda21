//! The two tables that a request for oneself reads, with the types that their engine gives them.

diesel::table! {
    users (number) {
        number -> BigInt,
        id -> Binary,
        username -> Nullable<Text>,
        username_key -> Nullable<Text>,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        email_verified_at -> Nullable<Datetime>,
        pending_email -> Nullable<Text>,
        pending_email_key -> Nullable<Text>,
        mobile -> Nullable<Text>,
        mobile_key -> Nullable<Text>,
        mobile_verified_at -> Nullable<Datetime>,
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
        created_at -> Datetime,
        updated_at -> Datetime,
        version -> BigInt,
        avatar -> Nullable<Text>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Binary,
        user_id -> Binary,
        epoch -> BigInt,
        door -> Text,
        transport -> Text,
        secret_hash -> Binary,
        generation -> BigInt,
        rotated_at -> Datetime,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        created_at -> Datetime,
        last_seen_at -> Datetime,
        expires_at -> Datetime,
    }
}

/// The same table where moments are texts; only what the update touches.
pub(crate) mod sqlite {
    diesel::table! {
        sessions (id) {
            id -> Binary,
            secret_hash -> Binary,
            generation -> BigInt,
            rotated_at -> Text,
            last_seen_at -> Text,
        }
    }
}

diesel::allow_tables_to_appear_in_same_query!(sessions, users);
