import type { Command } from "commander";
import { AgentError } from "../shared/errors.ts";

interface Word {
  readonly text: string;
  readonly description: string;
}

/**
 * Returns a script that completes commands, options and skill names; made from the commands
 * themselves, so that none is missing.
 *
 * @throws {AgentError} USAGE for another shell.
 */
export function completionScript(program: Command, shell: string): string {
  switch (shell) {
    case "bash":
      return bashScript(program);
    case "zsh":
      return zshScript(program);
    case "fish":
      return fishScript(program);
    default:
      throw new AgentError(
        "USAGE",
        `Printing the completion: the shell is ${JSON.stringify(shell)}; wanted bash, zsh or fish.`,
        { blame: "caller" },
      );
  }
}

/** Commands whose first argument is a skill. */
const commandsOfSkills = ["use", "show", "verify"];
const skillNames = "autodidact skills --names 2>/dev/null";

function commandWords(program: Command): Word[] {
  return program.commands.map((command) => ({
    text: command.name(),
    description: command.description(),
  }));
}

function optionWords(command: Command): Word[] {
  const help: Word = { text: "--help", description: "print help" };
  const options = command.options.flatMap(({ long, description }) =>
    typeof long === "string" ? [{ text: long, description }] : [],
  );
  return [...options, help];
}

function bashScript(program: Command): string {
  const texts = (words: readonly Word[]) => words.map(({ text }) => text).join(" ");
  const cases = program.commands
    .map((command) => `    ${command.name()}) options="$options ${texts(optionWords(command))}" ;;`)
    .join("\n");
  return `# bash completion for autodidact: eval "$(autodidact completion bash)"
_autodidact() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command="" each options="${texts(optionWords(program))}"
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$each" in -*) ;; *) command="$each"; break ;; esac
  done
  case "$command" in
${cases}
  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ -z "$command" ]]; then
    COMPREPLY=($(compgen -W "${texts(commandWords(program))}" -- "$word"))
  elif [[ "$command" == completion ]]; then
    COMPREPLY=($(compgen -W "bash zsh fish" -- "$word"))
  elif [[ "$command" =~ ^(${commandsOfSkills.join("|")})$ ]]; then
    COMPREPLY=($(compgen -W "$(${skillNames})" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -F _autodidact autodidact
`;
}

function zshScript(program: Command): string {
  const described = (words: readonly Word[]) =>
    words
      .map(({ text, description }) => quote(`${text}:${description.replaceAll(":", "\\:")}`))
      .join(" ");
  const cases = program.commands
    .map((command) => `    ${command.name()}) options+=(${described(optionWords(command))}) ;;`)
    .join("\n");
  return `#compdef autodidact
# zsh completion for autodidact: eval "$(autodidact completion zsh)"
_autodidact() {
  local -a options commands names
  local command="" each
  options=(${described(optionWords(program))})
  commands=(${described(commandWords(program))})
  for each in "\${(@)words[2,CURRENT-1]}"; do
    case "$each" in -*) ;; *) command="$each"; break ;; esac
  done
  case "$command" in
${cases}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    _describe -o 'option' options
  elif [[ -z "$command" ]]; then
    _describe 'command' commands
  elif [[ "$command" == completion ]]; then
    compadd bash zsh fish
  elif [[ "$command" == (${commandsOfSkills.join("|")}) ]]; then
    names=(\${(f)"$(${skillNames})"})
    compadd -a names
  else
    _files
  fi
}
compdef _autodidact autodidact
`;
}

function fishScript(program: Command): string {
  const lines = ["# fish completion for autodidact: autodidact completion fish | source"];
  const names = program.commands.map((command) => command.name()).join(" ");
  for (const { text, description } of commandWords(program)) {
    const condition = `-n 'not __fish_seen_subcommand_from ${names}'`;
    lines.push(`complete -c autodidact -f ${condition} -a ${text} -d ${quote(description)}`);
  }
  for (const { text, description } of optionWords(program)) {
    lines.push(`complete -c autodidact -l ${text.slice(2)} -d ${quote(description)}`);
  }
  for (const command of program.commands) {
    const condition = `-n '__fish_seen_subcommand_from ${command.name()}'`;
    for (const { text, description } of optionWords(command)) {
      lines.push(
        `complete -c autodidact ${condition} -l ${text.slice(2)} -d ${quote(description)}`,
      );
    }
  }
  for (const command of commandsOfSkills) {
    const condition = `-n '__fish_seen_subcommand_from ${command}'`;
    lines.push(`complete -c autodidact -f ${condition} -a '(${skillNames})'`);
  }
  const shells = "-n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'";
  return `${lines.join("\n")}\ncomplete -c autodidact -f ${shells}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "")}'`;
}
