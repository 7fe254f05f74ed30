// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the library's dependencies stay few. It measures the encodings too, which are no one
// else's business: as part of esker's package, whose name is that of the folder it stands in, it sees them.
let folder = Context.packageDirectory.split(separator: "/").dropLast(2).last ?? "esker"
let engine = String(folder.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })

let package = Package(
    name: "esker-benchmarks",
    dependencies: [.package(name: "esker", path: "../..")],
    targets: [
        .executableTarget(
            name: "esker-bench",
            dependencies: [.product(name: "Esker", package: "esker")],
            packageAccess: false,
            swiftSettings: [
                .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .unsafeFlags(["-package-name", engine]),
            ])
    ]
)
