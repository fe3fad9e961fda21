//! What the doors have in common.

mod chit_chat;
mod drf_accounts;
mod limits;
mod long_lists;
mod one_user_base;
