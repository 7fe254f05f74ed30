/// An array of any number of dimensions, up to six; its elements in row-major order.
public struct ArrayValue: Hashable, Sendable {
    /// One dimension: how many elements it has, and the subscript of the first.
    public struct Dimension: Hashable, Sendable {
        public var count: Int32
        public var lowerBound: Int32

        public init(count: Int32, lowerBound: Int32 = 1) {
            self.count = count
            self.lowerBound = lowerBound
        }
    }

    public let elementType: DataType
    /// Outermost first; none for an empty array.
    public let dimensions: [Dimension]
    public let elements: [Value]

    static let dimensionLimit = 6
    /// PostgreSQL's: what a gigabyte of elements could be.
    static let elementLimit = 134_217_727

    /// An array of one dimension, counted from 1.
    public init(of elementType: DataType, _ elements: [Value]) {
        self.elementType = elementType
        self.elements = elements
        dimensions = elements.isEmpty ? [] : [Dimension(count: Int32(elements.count))]
    }

    /// The product of the dimensions' counts must be the number of elements; each must be null or of the element type.
    public init(of elementType: DataType, dimensions: [Dimension], elements: [Value]) {
        precondition(dimensions.count <= Self.dimensionLimit, "an array has at most six dimensions")
        let count = dimensions.isEmpty ? 0 : dimensions.reduce(1) { $0 * Int($1.count) }
        precondition(count == elements.count, "an array's dimensions must count its elements")
        self.elementType = elementType
        self.dimensions = dimensions
        self.elements = elements
    }
}
