/**
 * Completion for shells, to be evaluated by them. Each asks the program that stands first on the line, `kubectl` or `podsim`, with
 * `__complete`, and obeys the `:N` at the end of the answer (see completing.ts).
 */

const bash = `# bash completion for kubectl and podsim

__start_kubectl() {
    local word=\${COMP_WORDS[COMP_CWORD]} lines directive line
    # bash takes ':' and '=' for ends of words; the words of the line as they are typed
    local typed=\${COMP_LINE:0:COMP_POINT}
    local -a words
    read -ra words <<< "$typed"
    [[ $typed == *[[:space:]] ]] && words+=("")
    local last=\${words[\${#words[@]}-1]}
    COMPREPLY=()
    # evaluated, as the word that calls may be an alias
    mapfile -t lines < <(eval "\${words[0]} __completeNoDesc$(printf ' %q' "\${words[@]:1}")" 2>/dev/null)
    (( \${#lines[@]} > 0 )) || return
    directive=\${lines[\${#lines[@]}-1]#:}
    unset 'lines[\${#lines[@]}-1]'
    [[ $directive =~ ^[0-9]+$ ]] || return

    if (( directive & 8 )); then
        # files with one of these endings, and directories
        local extension file
        while IFS= read -r file; do
            if [[ -d $file ]]; then
                COMPREPLY+=("$file/")
                continue
            fi
            for extension in "\${lines[@]}"; do
                [[ $file == *".$extension" ]] && COMPREPLY+=("$file")
            done
        done < <(compgen -f -- "$word")
        compopt -o filenames -o nospace 2>/dev/null
        return
    fi
    (( directive & 2 )) && compopt -o nospace 2>/dev/null
    (( directive & 4 )) && compopt +o default 2>/dev/null
    # what stands before the part of the word that bash wants
    local before=\${last%"$word"}
    for line in "\${lines[@]}"; do
        if [[ -n $before && $line == "$before"* ]]; then
            line=\${line#"$before"}
        fi
        [[ $line == "$word"* || $word == [:=] ]] && COMPREPLY+=("$line")
    done
}

complete -o default -F __start_kubectl kubectl
complete -o default -F __start_kubectl podsim
`;

const zsh = `#compdef kubectl podsim
# zsh completion for kubectl and podsim

_kubectl_complete() {
    local -a lines found extensions options
    local directive line value meaning
    lines=("\${(@f)$(\${words[1]} __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
    (( \${#lines} > 0 )) || return 1
    directive=\${lines[-1]#:}
    lines[-1]=()
    [[ $directive == <-> ]] || return 1

    if (( directive & 8 )); then
        for line in $lines; do extensions+=("*.\${line}(-.)"); done
        _files -g "\${(j: :)extensions}"
        return
    fi
    for line in $lines; do
        value=\${line%%$'\\t'*}
        meaning=\${line#*$'\\t'}
        [[ $line == *$'\\t'* ]] && found+=("\${value//:/\\\\:}:$meaning") || found+=("\${value//:/\\\\:}")
    done
    (( directive & 2 )) && options=(-S '')
    if (( \${#found} > 0 )); then
        _describe -V 'kubectl' found $options
    elif (( ! (directive & 4) )); then
        _files
    fi
}

if [[ \${funcstack[1]} == _kubectl_complete || \${funcstack[1]} == _kubectl ]]; then
    _kubectl_complete
else
    compdef _kubectl_complete kubectl podsim
fi
`;

const fish = `# fish completion for kubectl and podsim

function __kubectl_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines ($words[1] __complete $words[2..-1] 2>/dev/null)
    test (count $lines) -gt 0; or return
    set -l directive (string replace -r '^:' '' -- $lines[-1])
    set -e lines[-1]
    string match -qr '^[0-9]+$' -- $directive; or return
    if test (math "bitand($directive, 8)") -ne 0
        for extension in $lines
            __fish_complete_suffix .$extension
        end
        return
    end
    if test (count $lines) -gt 0
        printf '%s\\n' $lines
    else if test (math "bitand($directive, 4)") -eq 0
        __fish_complete_path (commandline -ct)
    end
end

complete -c kubectl -e
complete -c kubectl -f -a '(__kubectl_complete)'
complete -c podsim -e
complete -c podsim -f -a '(__kubectl_complete)'
`;

const powershell = `# powershell completion for kubectl and podsim

$__kubectlComplete = {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    $program, $rest = $words
    $rest = @($rest)
    # A blank before the cursor begins a new word
    if ($wordToComplete -eq '') { $rest += '""' }
    $lines = @(& $program __complete @rest 2>$null)
    if ($lines.Count -eq 0) { return }
    $directive = 0
    if (-not [int]::TryParse($lines[-1].TrimStart(':'), [ref]$directive)) { return }
    $lines = @($lines | Select-Object -SkipLast 1)

    if ($directive -band 8) {
        Get-ChildItem -Path "$wordToComplete*" | Where-Object { $_.PSIsContainer -or $lines -contains $_.Extension.TrimStart('.') } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_.Name, $_.Name, 'ProviderItem', $_.FullName)
        }
        return
    }
    if ($lines.Count -eq 0) {
        # Nothing here, and no files either
        if ($directive -band 4) { '' }
        return
    }
    $lines | ForEach-Object {
        $value, $meaning = $_ -split "\`t", 2
        if (-not $meaning) { $meaning = $value }
        $text = if ($directive -band 2) { $value } else { "$value " }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $meaning)
    }
}

Register-ArgumentCompleter -Native -CommandName 'kubectl' -ScriptBlock $__kubectlComplete
Register-ArgumentCompleter -Native -CommandName 'podsim' -ScriptBlock $__kubectlComplete
`;

export const scripts: ReadonlyMap<string, string> = new Map([
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
  ['powershell', powershell],
]);
