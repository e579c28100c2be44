package dev.headrace.cli;

import picocli.CommandLine.Command;

/// `headrace dead-letters`: what to do with the rows that queries have left out.
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        header = "Lists the rows that a query has left out, and replays them.",
        description = {
            "Looks at a table of dead letters, which a query has written with deadLettersTo(...) or deadLetters(...).",
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DeadLettersListCommand.class, DeadLettersReplayCommand.class})
final class DeadLettersCommand {}
