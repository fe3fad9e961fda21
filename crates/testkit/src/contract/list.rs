//! The list of all contracts, and the macro that makes a test of each.
// long because: it is one list, a line per contract.

/// Makes one test per contract for a [`StoreFixture`](crate::contract::StoreFixture), in a module
/// per group, so that a failure names the broken sentence. Call it once per module.
#[macro_export]
macro_rules! store_contract {
    ($fixture:ty) => {
        type ContractFixture = $fixture;
        $crate::contract_tests! {
            addresses {
                an_address_that_waits_takes_its_place_and_ends_no_session
                an_address_had_without_proof_ends_all_sessions_but_one
                an_address_that_is_not_the_persons_any_more_changes_nothing
                an_address_that_somebody_else_has_is_a_conflict_and_spends_nothing
                a_proof_activates_the_inactive_where_it_is_to
                a_proof_is_for_its_purpose_and_its_person_only
                of_16_uses_of_one_link_one_is_told_true
                a_password_by_a_link_verifies_where_it_went_and_activates
                another_password_closes_the_ways_back_of_who_knew_the_one_before
            }
            adding {
                a_person_is_found_by_every_key_it_has
                a_key_that_nobody_has_finds_nobody
                every_member_comes_back_as_it_was_given
                absent_members_stay_absent
                every_status_gender_and_role_comes_back
                any_number_of_people_may_lack_identifiers
                the_number_of_the_person_to_add_is_not_looked_at
                numbers_grow_and_are_not_used_again_when_the_newest_person_goes
                a_taken_username_is_named
                a_taken_email_address_is_named
                a_taken_mobile_number_is_named
                nothing_is_kept_of_a_person_who_was_refused
                a_pending_identifier_finds_nobody_and_takes_nothing_from_anybody
            }
            audit {
                an_event_comes_back_whole_and_is_pending_until_it_is_chained
                what_follows_a_change_is_recorded_with_it_or_not_at_all
                events_are_chained_once_from_where_the_chain_ends
                of_8_who_chain_from_one_head_one_is_told_true
                nothing_is_chained_where_one_event_is_chained_already
                chained_events_are_read_by_place
                events_are_listed_the_latest_first_and_each_once
                a_list_gives_what_is_asked_for_alone
                the_traits_go_with_the_person_and_the_event_stays
            }
            idempotency {
                a_key_is_the_first_ones_and_others_are_told_of_it
                of_16_who_claim_one_key_one_has_it
                a_kept_reply_comes_back_and_only_the_holder_keeps_one
                a_key_is_given_back_unless_something_changed_under_it
                a_change_notes_its_key_and_is_undone_where_it_is_lost
                whoever_changed_nothing_in_time_loses_the_key_to_the_same_request
                an_expired_key_is_anybodys_and_is_removed
                keys_go_with_their_person
            }
            keys {
                usernames_are_told_apart_byte_by_byte
                email_addresses_are_told_apart_byte_by_byte
                mobile_numbers_are_told_apart_byte_by_byte
                the_spelling_is_kept_and_only_the_key_is_compared
                keys_of_full_length_are_compared_to_their_last_letter
                an_email_address_of_254_characters_comes_back
            }
            texts {
                texts_come_back_byte_for_byte
                texts_of_full_length_come_back_in_letters_of_four_bytes
                password_hashes_of_every_scheme_come_back_whole
                times_keep_their_microseconds_whatever_the_zone_and_century
                versions_epochs_and_generations_go_beyond_32_bits
            }
            replacing {
                everything_but_number_and_password_is_replaced
                members_can_be_taken_away_again
                only_the_version_before_is_replaced
                nobody_is_made_by_a_replacement
                a_person_keeps_its_own_identifiers_without_conflict
                an_identifier_given_up_is_free_for_others
                a_replacement_that_takes_an_identifier_is_refused_and_nothing_changes
                a_replacement_in_the_same_epoch_leaves_sessions_open
                a_replacement_of_another_epoch_removes_the_sessions_of_that_person_only
            }
            passwords {
                a_new_password_raises_epoch_and_version_and_changes_nothing_else
                a_password_is_changed_only_from_the_hash_that_was_verified
                hashes_are_told_apart_byte_by_byte
                a_spent_password_changes_nothing_a_second_time
                the_password_of_nobody_is_not_changed
                a_new_password_closes_all_sessions_of_that_person
                the_kept_session_goes_on_under_the_new_epoch_alone
                a_session_of_somebody_else_is_not_kept_under_the_new_epoch
                a_rehash_changes_the_hash_and_nothing_else
                a_rehash_never_undoes_a_change_of_password
            }
            statuses {
                who_stops_being_active_loses_all_sessions_and_gets_another_epoch
                who_becomes_active_keeps_sessions_and_epoch
                a_status_is_set_whatever_the_version_and_raises_it_each_time
                nobody_gets_no_status
                who_is_deleted_is_found_by_no_key_and_leaves_the_identifiers_free
                a_deletion_takes_all_sessions_of_that_person_only
                a_deletion_of_another_version_does_nothing
                who_is_gone_cannot_be_deleted_again
                only_an_active_administrator_counts_as_one
            }
            directory {
                an_empty_store_lists_and_counts_nobody
                everybody_is_listed_whole_and_the_oldest_first
                the_newest_come_first_when_asked_for
                a_status_and_a_role_narrow_the_directory
                times_of_creation_narrow_the_directory_without_their_own_moment
                a_prefix_matches_username_email_mobile_and_display_name
                who_matches_twice_is_listed_once
                a_prefix_is_compared_whatever_its_case_and_width
                a_prefix_confuses_no_letters
                every_sign_in_a_prefix_stands_for_itself
                a_prefix_finds_every_letter_that_may_follow
            }
            directory_pages {
                pages_in_a_row_are_the_whole_directory
                people_of_one_moment_are_paged_by_number
                a_full_last_page_says_that_nothing_follows
                nobody_is_missed_or_repeated_while_others_come_and_go
                a_page_goes_on_where_it_ended_when_that_person_is_gone
                filters_hold_on_every_page
            }
            searches {
                a_search_is_in_the_order_of_the_keys_that_match
                who_matches_by_several_keys_is_found_once_at_the_smallest
                a_number_is_found_among_texts_that_begin_alike
                people_of_one_name_are_found_by_number
                a_search_lets_through_whom_its_filter_does
                a_search_ends_where_nobody_follows
                a_search_misses_and_repeats_nobody_while_others_come_go_and_change
                a_search_goes_on_where_it_ended_when_that_person_is_gone
            }
            opening {
                a_session_comes_back_whole_with_its_person
                every_door_and_transport_comes_back
                every_kind_of_address_comes_back
                every_byte_of_a_secrets_hash_comes_back
                a_session_of_nobody_is_not_kept
                a_session_that_nobody_opened_is_not_found
                a_person_may_have_many_sessions
                expired_sessions_and_those_of_an_older_epoch_are_found
                a_session_is_found_with_its_person_as_it_is_now
            }
            rotating {
                a_rotation_replaces_the_secret_and_notes_the_use
                a_spent_secret_rotates_nothing_again
                each_successor_can_be_rotated_in_turn
                a_secret_rotates_its_own_session_only
                a_closed_session_is_not_rotated
                a_use_is_noted_and_nothing_else_changes
                a_use_is_not_noted_when_a_later_one_than_the_bound_is
                a_use_at_the_very_bound_is_no_later_one
                a_closed_session_is_not_touched
                of_several_uses_each_is_noted_for_itself
            }
            session_lists {
                a_person_without_sessions_has_an_empty_list
                the_newest_session_comes_first_and_other_peoples_are_left_out
                sessions_of_another_epoch_are_left_out
                a_session_is_left_out_from_the_moment_it_ends
                a_session_is_left_out_when_it_was_last_used_at_the_bound_or_before
                sessions_of_one_moment_are_listed_by_id_downward
                session_pages_in_a_row_are_the_whole_list
                a_full_last_page_of_sessions_says_that_nothing_follows
            }
            closing {
                a_closed_session_is_gone_and_others_stay
                nobody_closes_a_session_of_somebody_else
                all_sessions_of_one_person_are_closed_and_counted
                all_sessions_but_the_one_to_keep_are_closed
                a_session_of_somebody_else_to_keep_keeps_none
                a_purge_removes_what_ended_before_the_bound_and_nothing_at_it
                a_purge_removes_what_was_last_used_before_the_bound_and_nothing_at_it
                a_purge_removes_at_most_1_000_sessions
            }
            throttling {
                as_many_attempts_are_granted_as_the_budget_has
                each_key_has_a_budget_of_its_own
                a_window_begins_with_its_first_attempt
                a_whole_budget_is_there_again_at_the_moment_the_window_ends
                a_window_that_ended_long_ago_is_followed_by_one_that_begins_now
                an_attempt_that_was_refused_is_not_counted
                an_attempt_given_back_can_be_taken_once_more
                giving_back_more_than_was_taken_earns_nothing
                a_cleared_key_has_its_whole_budget_and_others_do_not
                what_is_counted_is_told_while_its_window_is_open
                a_purge_forgets_windows_that_ended_before_the_bound_only
                a_purge_removes_at_most_1_000_windows
                a_store_that_works_answers_a_ping
            }
            books {
                a_book_is_found_by_every_key_and_comes_back_whole
                absent_members_of_a_book_stay_absent
                a_taken_isbn_is_named_in_either_length
                book_numbers_are_not_used_again
                only_the_version_before_of_a_book_is_replaced
                a_book_is_deleted_once_and_in_its_version
                a_book_outlives_whoever_added_it
                a_book_added_by_somebody_who_is_gone_is_nobodys
                titles_and_authors_come_back_byte_for_byte
                pages_of_books_in_a_row_are_the_whole_catalogue
                a_part_of_title_author_or_isbn_finds_a_book_in_any_case
                every_sign_in_a_search_for_books_stands_for_itself
                of_16_who_add_one_isbn_one_succeeds
                books_added_at_once_get_numbers_of_their_own
                no_book_added_beside_a_deletion_keeps_its_adder
                of_16_replacements_of_one_book_one_is_told_true
            }
            book_searches {
                books_are_listed_whole_and_by_number
                no_book_is_missed_or_repeated_while_others_come_and_go
                a_search_finds_any_part_of_title_and_author
                a_search_ignores_letter_case_and_width_and_confuses_no_letters
                every_sign_of_a_search_stands_for_itself
                a_search_finds_part_of_an_isbn_whatever_the_hyphens
                a_search_reaches_the_end_of_the_longest_title
            }
            rooms {
                a_room_is_found_by_every_key_and_comes_back_whole
                a_room_is_seen_with_whether_one_is_in_it
                who_exists_is_known_by_id_and_by_number
                people_who_are_gone_are_left_out_of_a_new_room
                room_numbers_are_not_used_again
                name_and_passkey_of_a_room_are_replaced_in_its_version_only
                who_joins_is_in_until_it_leaves
                nobody_joins_a_room_that_is_gone_and_nobody_who_is_gone_joins
                rooms_are_listed_by_number_all_or_those_of_one_person
                members_are_paged_by_their_numbers
                a_room_outlives_whoever_made_it_and_a_member_who_is_gone_is_in_none
                the_latest_sequence_counts_what_was_removed_too
            }
            messages {
                a_message_is_found_by_every_key_and_comes_back_whole
                the_longest_message_comes_back_and_is_searched
                each_room_counts_its_own_messages_and_only_members_say_any
                a_text_is_edited_in_its_version_only
                a_like_counts_once_and_can_be_taken_back
                a_like_is_toggled
                what_a_person_said_and_liked_goes_with_it_and_nothing_else
                all_that_was_said_and_liked_in_a_room_goes_with_it
                messages_are_read_upward_after_a_sequence_and_the_last_before_a_number
                a_search_is_literal_in_any_case_and_paged
                the_last_of_each_of_my_rooms_and_all_of_mine_in_them
            }
            racing_rooms {
                of_20_joins_at_once_one_is_told_true
                of_40_who_speak_at_once_all_are_heard_in_one_order_without_a_gap
                who_leaves_while_speaking_is_heard_before_or_not_at_all
                of_20_likes_at_once_one_is_told_true
                toggles_at_once_follow_one_another
                of_16_removals_and_of_16_edits_of_one_message_at_once_one_is_told_true
            }
            codes {
                a_code_is_found_by_its_handle_and_comes_back_whole
                a_code_takes_the_place_of_the_one_under_its_handle
                of_16_codes_under_one_handle_at_once_one_is_left_and_none_fails
                a_code_of_somebody_who_is_gone_is_not_kept_nor_is_its_letter
                a_code_of_nobody_is_kept_and_can_be_tried
                a_try_is_taken_off_each_time_until_none_is_left
                a_code_cannot_be_tried_for_another_purpose
                a_code_counts_until_its_very_end_and_no_longer
                a_redeemed_code_sets_the_password_and_ends_all_sessions
                a_redeemed_code_keeps_what_follows
                a_code_is_redeemed_once_and_by_its_person_only
                a_redeemed_code_takes_the_persons_other_codes_along
                a_code_for_a_password_activates_nobody_and_the_other_way_round
                an_activation_makes_the_inactive_active_and_verifies_the_number
                codes_go_with_their_person
                a_purge_removes_codes_that_ended_before_the_bound_only
            }
            letters {
                a_letter_comes_back_whole_when_it_is_due_and_not_before
                the_longest_due_are_taken_up_first_and_no_more_than_asked_for
                a_letter_whose_bearer_died_is_due_again_when_its_turn_ends
                a_delivered_letter_is_gone
                a_letter_is_postponed_by_who_has_it_only
                a_letter_is_kept_with_the_session_that_is_closed_and_with_no_other
                a_letter_is_kept_with_a_password_that_changes_and_with_no_other
                what_follows_a_new_person_is_kept_with_it_or_not_at_all
                what_follows_a_change_is_kept_with_it_or_not_at_all
                of_16_who_take_letters_up_at_once_no_two_get_the_same
                of_20_tries_at_once_no_more_are_granted_than_the_code_had
                of_20_who_redeem_one_code_one_is_told_true
            }
            resealing {
                sealed_values_are_found_page_by_page_in_the_order_of_their_ids
                a_sealed_value_is_replaced_only_if_it_is_what_was_read
                a_room_that_got_or_lost_its_passkey_meanwhile_is_left_alone
            }
            racing_people {
                of_16_who_register_one_email_address_one_succeeds
                of_16_who_register_one_mobile_number_one_succeeds
                of_16_spellings_of_one_username_one_succeeds
                people_who_register_at_once_get_numbers_of_their_own
                of_16_who_change_to_one_username_one_succeeds
                of_16_replacements_from_one_version_one_is_told_true
                no_update_of_40_writers_is_lost
                of_8_password_changes_from_one_hash_one_is_told_true
                a_profile_change_never_undoes_a_password_change_beside_it
            }
            racing_sessions {
                of_20_rotations_of_one_secret_one_is_told_true
                of_20_uses_within_a_minute_one_is_noted
                of_8_who_close_one_session_one_is_told_true
                a_rotation_never_brings_a_closed_session_back
                no_session_opened_beside_a_lock_outlives_it
                no_session_opened_beside_a_password_change_outlives_it
                no_session_opened_beside_a_deletion_stays
                of_50_attempts_at_once_exactly_the_limit_is_granted
                of_50_attempts_at_the_turn_of_a_window_exactly_the_limit_is_granted
                no_attempt_given_back_at_once_is_lost
            }
        }
    };
}

/// A module per group and a test per sentence, for [`store_contract!`](crate::store_contract).
#[doc(hidden)]
#[macro_export]
macro_rules! contract_tests {
    ($($group:ident { $($sentence:ident)* })*) => { $(
        mod $group {
            $(
                #[test]
                fn $sentence() {
                    $crate::contract::run::<super::ContractFixture, _, _>(
                        $crate::contract::$group::$sentence,
                    );
                }
            )*
        }
    )* };
}
