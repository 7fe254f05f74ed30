// swift-tools-version: 6.2
import PackageDescription

// Targets stand in the order a row travels: bytes, files, log, query, library, command.
// A room may name only rooms above it in this list; `Tools/test` refuses any other import.

/// One block of settings for every Swift target.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

func system(_ name: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/System/\(name)", providers: [.apt([apt])])
}

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "esker",
    products: [
        .library(name: "Esker", targets: ["Esker"]),
        .executable(name: "esker", targets: ["CommandTool"]),
    ],
    dependencies: [
        // Command-line parsing and --help for the esker command only; the library does not use it.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
    ],
    targets: [
        system("CLZ4", apt: "liblz4-dev"),  // block compression of hot and sealed columns
        system("CZstd", apt: "libzstd-dev"),  // denser block compression of sealed columns
        system("CPgQuery", apt: "libpg-query-dev"),  // PostgreSQL's own SQL grammar

        // Kernels where Swift was measured slower than C; XXH3 comes from libxxhash-dev's header.
        .target(name: "CEskerKernels"),
        // The Linux calls that Swift's Glibc module lacks.
        .target(name: "CPlatform"),

        room("EskerFormat", ["CEskerKernels", "CLZ4", "CZstd"]),
        room("EskerFiles", ["CPlatform", "EskerFormat"]),
        room("EskerLog", ["EskerFormat", "EskerFiles"]),
        room("EskerQuery", ["CEskerKernels", "EskerFormat", "CPgQuery"]),
        room("Esker", ["CEskerKernels", "EskerFormat", "EskerFiles", "EskerLog", "EskerQuery"]),
        // The command; it may use every room. Its folder and target differ from `Esker` in more than case.
        .executableTarget(
            name: "CommandTool",
            dependencies: [
                "Esker", "EskerFormat", "EskerFiles", "EskerLog", "EskerQuery",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tools/CommandTool", swiftSettings: strict),
        // What the library looks like from outside: thirty lines that are built with everything else.
        .executableTarget(
            name: "WordCount", dependencies: ["Esker"], path: "Examples/WordCount", swiftSettings: strict),

        tests("EskerFormatTests", ["EskerFormat"]),
        tests("EskerFilesTests", ["EskerFiles", "EskerFormat"]),
        tests("EskerLogTests", ["EskerLog", "EskerFiles", "EskerFormat"]),
        tests("EskerQueryTests", ["EskerQuery", "EskerFormat"]),
        tests("EskerTests", ["Esker", "EskerFormat"]),
        tests("CommandTests", ["CommandTool"]),  // run the built command as a user does
    ]
)
