//! What the doors have in common.

mod limits;
mod long_lists;
mod one_user_base;
