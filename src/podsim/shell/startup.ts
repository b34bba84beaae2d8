/** How the user's shell starts in a session: as always, and then with completion and a prompt that says where one is. */
import { scripts } from '../../kubectl/completion-scripts.js';
import { hostFiles } from '../../kubectl/files.js';
import type { Session } from './session.js';

interface Start {
  readonly argv: readonly string[];
  readonly env: Session['env'];
}

/** `shell`: the program, by its path or name. Writes what it reads at its start into the session's directory. */
export async function interactive(shell: string, { directory, bin, env }: Session): Promise<Start> {
  const files = hostFiles(directory);
  const write = (name: string, text: string) => files.write(`${directory}/${name}`, text);
  const name = shell.slice(shell.lastIndexOf('/') + 1);
  switch (name) {
    case 'bash':
      await write('bashrc', bashrc(bin));
      return { argv: [shell, '--rcfile', `${directory}/bashrc`, '-i'], env };
    case 'zsh':
      // Its files are found by ZDOTDIR only; they give it back.
      await write('.zshenv', zshenv(env['ZDOTDIR'] ?? env['HOME'] ?? '/', directory));
      await write('.zshrc', zshrc(bin, directory));
      return { argv: [shell, '-i'], env: { ...env, ZDOTDIR: directory } };
    case 'fish':
      await write('podsim.fish', fishInit(bin));
      return { argv: [shell, '--init-command', `source ${quote(`${directory}/podsim.fish`)}`], env };
    default:
      return { argv: [shell], env: { ...env, PS1: '(podsim) $ ' } };
  }
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Whatever the user's own files have made of the names that are ours here. */
const names = (bin: string): string => `case $PATH in ${quote(bin)}:*) ;; *) export PATH=${quote(bin)}:$PATH ;; esac
unalias kubectl k podsim 2>/dev/null
unset -f kubectl k podsim 2>/dev/null
`;

/** The cluster and namespace as the kubeconfig has them now, read without starting a program; bash and zsh both know this much. */
const PROMPT = `__podsim_prefix=
__podsim_prompt() {
    local code=$? line at= namespace= namespaces='|'
    [[ -r $PODSIM_HOME/config ]] && while IFS= read -r line; do
        case $line in
            '    namespace: '*) namespace=\${line#'    namespace: '} ;;
            '  name: '*) [[ -n $namespace ]] && namespaces+="\${line#'  name: '}=$namespace|"; namespace= ;;
            'current-context: '*) at=\${line#'current-context: '} ;;
        esac
    done < "$PODSIM_HOME/config"
    at=\${PODSIM_CONTEXT:-\${at:-default}}
    case $namespaces in
        *"|$at="*) namespace=\${namespaces#*"|$at="}; namespace=\${namespace%%"|"*} ;;
        *) namespace= ;;
    esac
    [[ -n $PODSIM_STATE ]] && at=\${PODSIM_STATE##*/}
    [[ -n $namespace && $namespace != default ]] && at+="/$namespace"
    PS1=\${PS1#"$__podsim_prefix"}
    __podsim_prefix="(podsim:\${at//[^A-Za-z0-9._\\/:-]/?}) "
    PS1=$__podsim_prefix$PS1
    return $code
}
`;

const bashrc = (bin: string): string => `[ -r ~/.bashrc ] && . ~/.bashrc
${names(bin)}${PROMPT}PROMPT_COMMAND="\${PROMPT_COMMAND:+$PROMPT_COMMAND
}__podsim_prompt"
if (( BASH_VERSINFO[0] >= 4 )); then
${scripts.get('bash')}
complete -o default -F __start_kubectl k
fi
`;

const zshenv = (home: string, directory: string): string => `ZDOTDIR=${quote(home)}
[[ -r $ZDOTDIR/.zshenv ]] && . $ZDOTDIR/.zshenv
__podsim_zdotdir=$ZDOTDIR
ZDOTDIR=${quote(directory)}
`;

const zshrc = (bin: string, directory: string): string => `ZDOTDIR=$__podsim_zdotdir
[[ $HISTFILE == ${quote(directory)}/* ]] && HISTFILE=$ZDOTDIR/.zsh_history
[[ -r $ZDOTDIR/.zshrc ]] && . $ZDOTDIR/.zshrc
${names(bin)}rehash
${PROMPT}autoload -Uz add-zsh-hook && add-zsh-hook precmd __podsim_prompt
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i -d ${quote(`${directory}/zcompdump`)}; }
${scripts.get('zsh')}
compdef _kubectl_complete k
`;

const fishInit = (bin: string): string => `test "$PATH[1]" = ${quote(bin)}; or set -gx PATH ${quote(bin)} $PATH
functions -e kubectl k podsim
${scripts.get('fish')}
complete -c k -e
complete -c k -f -a '(__kubectl_complete)'
functions -q fish_prompt; and functions -c fish_prompt __podsim_fish_prompt
function fish_prompt
    printf '(podsim) '
    functions -q __podsim_fish_prompt; and __podsim_fish_prompt; or printf '> '
end
`;
