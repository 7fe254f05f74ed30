import Esker
import Foundation

/// Swift values, typed or `Encodable`, through a streamer: conversion, placement and durable acknowledgement.
struct RowsBenchmark {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() async throws {
        let rows = arguments.number("rows", 1_000_000)
        let store = try await Store.open(at: arguments.text("dir"))
        let stream = try await Workload.stream(store)
        let batches = try Workload.batches(
            arguments.text("data"), rows: rows, perBatch: 10_000, schema: stream.schema)
        let events = batches.map { batch in (0..<batch.count).map { Event(batch, $0) } }
        var options = StreamerOptions()
        options.rowsPerPartition = 10_000
        let form = arguments.text("form", "typed")
        let timing: Timing
        if form == "typed" {
            let streamer = try stream.streamer(of: Event.self, options: options)
            (_, timing) = try await Timing.measure {
                for part in events { try await streamer.add(contentsOf: part) }
                try await streamer.close()
            }
        } else {
            let streamer = try stream.streamer(encoding: Event.self, options: options)
            (_, timing) = try await Timing.measure {
                for part in events { try await streamer.add(contentsOf: part) }
                try await streamer.close()
            }
        }
        emit([
            ("form", form), ("rows", rows), ("seconds", timing.seconds), ("cpu_seconds", timing.cpuSeconds),
            ("rows_per_second", Double(rows) / timing.seconds),
        ])
        await store.close()
    }
}

/// A row of W1 as a Swift value.
struct Event: Row, Encodable {
    var ts: Int64
    var user_id: Int64
    var event_type: String
    var product: String
    var price: Double
    var qty: Int32
    var session: String
    var url: String

    static var columns: [RowColumn<Event>] {
        [
            RowColumn("ts", \.ts), RowColumn("user_id", \.user_id), RowColumn("event_type", \.event_type),
            RowColumn("product", \.product), RowColumn("price", \.price), RowColumn("qty", \.qty),
            RowColumn("session", \.session), RowColumn("url", \.url),
        ]
    }

    init(_ batch: Batch, _ row: Int) {
        func text(_ column: Int) -> String { try! Value(of: batch.columns[column], row: row).description }
        ts = batch.columns[0].value(at: row, as: Int64.self)
        user_id = batch.columns[1].value(at: row, as: Int64.self)
        event_type = text(2)
        product = text(3)
        price = batch.columns[4].value(at: row, as: Double.self)
        qty = batch.columns[5].value(at: row, as: Int32.self)
        session = text(6)
        url = text(7)
    }
}
