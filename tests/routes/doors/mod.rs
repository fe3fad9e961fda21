//! What the doors have in common.

mod chit_chat;
mod cookies;
mod drf_accounts;
mod limits;
mod long_lists;
mod one_budget;
mod one_user_base;
