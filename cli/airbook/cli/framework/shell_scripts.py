"""The scripts that make bash, zsh and fish ask airbook what can be typed next.

Each runs `airbook __complete SHELL …`; `shell_completion` describes the answer. Typer's scripts
evaluate the answer as a command, break values at spaces and colons, and do not complete folders.
Typer fills in the names by %-formatting, so that %% stands for a percent sign.
"""

from __future__ import annotations

from typer import _completion_shared as typers

BASH = r"""
%(complete_func)s() {
    local kind value
    COMPREPLY=()
    case $3 in
        '<' | '>' | '>>') compopt -o default; return ;;
    esac
    while IFS=$'\t' read -r kind value; do
        case $kind in
            value) COMPREPLY+=("$value") ;;
            open) COMPREPLY+=("$value"); compopt -o nospace ;;
            files) compopt -o default ;;
            folders) compopt -o dirnames ;;
        esac
    done < <("${1/#\~\//"$HOME/"}" __complete bash "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

ZSH = r"""
#compdef %(prog_name)s
%(complete_func)s() {
    local program=${(Q)words[1]} kind value
    local -a typed values open
    typed=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
    while IFS=$'\t' read -r kind value; do
        case $kind in
            before) compset -P "${(b)value}" ;;
            value) values+=("$value") ;;
            open) open+=("$value") ;;
            files) _files; return ;;
            folders) _files -/; return ;;
        esac
    done < <(${~program} __complete zsh "${typed[@]}" 2>/dev/null)
    _describe -V '' values -- open -S ''
}
compdef %(complete_func)s %(prog_name)s
[[ $zsh_eval_context[-1] == loadautofunc ]] && %(complete_func)s
"""

FISH = r"""
function %(complete_func)s
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l word (commandline --cut-at-cursor --current-token)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    for line in ($program __complete fish $words[2..] (string unescape -- "$word") 2>/dev/null)
        set -l parts (string split -m 1 \t -- $line)
        switch $parts[1]
            case value open
                printf '%%s\n' $parts[2]
            case files
                complete --do-complete "'' $word"
            case folders
                complete --do-complete "'' $word" | string match --regex '.*/$'
        end
    end
end
complete --command %(prog_name)s --no-files --keep-order --arguments '(%(complete_func)s)'
"""


def use() -> None:
    """Have the options of Typer that install and show scripts use these."""
    typers._completion_scripts.update(bash=BASH, zsh=ZSH, fish=FISH)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
