# Sourced by scripts/check and scripts/test: steps with a heading and a time, of which the first
# that fails ends the script.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
current_step=

# step TITLE COMMAND...
# Runs the command in this shell, so that `set -e` counts inside functions too.
step() {
    current_step=$1
    shift
    local began=$SECONDS
    printf '\n==> %s\n' "$current_step"
    "$@"
    printf '    done: %s, %d s\n' "$current_step" $((SECONDS - began))
}

name_failed_step() {
    if [[ $1 -ne 0 ]]; then printf '\nFAILED: %s\n' "$current_step" >&2; fi
}
