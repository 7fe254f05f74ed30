// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the library's dependencies stay few.
let package = Package(
    name: "esker-benchmarks",
    dependencies: [.package(name: "esker", path: "../..")],
    targets: [
        .executableTarget(
            name: "esker-bench",
            dependencies: [.product(name: "Esker", package: "esker")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
    ]
)
