/** kubectl completion (pkg/cmd/completion/completion.go): scripts that ask `kubectl __complete`. */
import { type Command, UsageError } from '../command.js';

const command: Command<{ readonly shell: string }> = {
  use: 'completion SHELL',
  short: 'Print completion code for a shell (bash, zsh, fish or powershell)',
  long: 'Print completion code for bash, zsh, fish or powershell, to be evaluated by the shell.',
  examples: `# In bash, now
source <(kubectl completion bash)

# In bash, always
kubectl completion bash > ~/.kube/completion.bash.inc
printf "\\nsource '$HOME/.kube/completion.bash.inc'\\n" >> $HOME/.bash_profile

# In zsh
source <(kubectl completion zsh)

# In fish
kubectl completion fish | source

# In powershell
kubectl completion powershell | Out-String | Invoke-Expression`,
  flags: [],
  async complete(args) {
    if (args.length === 0) throw new UsageError('Shell not specified.', 'help');
    if (args.length > 1) throw new UsageError('Too many arguments. Expected only the shell type.', 'help');
    const [shell = ''] = args;
    if (SCRIPTS[shell] === undefined) throw new UsageError(`Unsupported shell type "${shell}".`, 'help');
    return { shell };
  },
  async run({ shell }, factory) {
    factory.streams.out(SCRIPTS[shell] as string);
  },
};
export default command;

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# bash completion for kubectl
__kubectl_complete() {
    local words
    words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <(kubectl __complete "\${words[@]}" 2>/dev/null)
}
complete -o default -F __kubectl_complete kubectl
`,
  zsh: `#compdef kubectl
_kubectl() {
    local -a found
    found=("\${(@f)$(kubectl __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
    compadd -a found
}
compdef _kubectl kubectl
`,
  fish: `# fish completion for kubectl
function __kubectl_complete
    set -l words (commandline -opc) (commandline -ct)
    kubectl __complete $words[2..-1] 2>/dev/null
end
complete -c kubectl -f -a '(__kubectl_complete)'
`,
  powershell: `# powershell completion for kubectl
Register-ArgumentCompleter -Native -CommandName 'kubectl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if ($wordToComplete -eq '') { $words += '' }
    kubectl __complete @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`,
};
