import ArgumentParser

/// `esker demo`: programs that show what a store does.
struct DemoVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show a store at work.",
        discussion: """
            Example:
              esker demo wordcount --seconds 30
            """,
        subcommands: [WordCountVerb.self]
    )
}
