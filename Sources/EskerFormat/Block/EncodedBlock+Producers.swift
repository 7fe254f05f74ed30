extension EncodedBlock {
    /// Names the producers of the rows, which lengthens the header and moves the columns behind it.
    package mutating func setProducers(_ producers: [ProducerRecord]) {
        header.producers = producers
        let length = header.encodedLength
        let shift = length - header.headerLength
        for index in header.columns.indices { header.columns[index].offset += shift }
        header.headerLength = length
        header.totalLength += shift
    }
}
