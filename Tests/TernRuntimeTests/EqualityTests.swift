import Testing
import TernRuntime
import TernTensor

extension RuntimeTests {
  @Suite("Equality") struct EqualityTests {
    @Test("is deep, and by value between ints and floats") func deep() throws {
      #expect(try deepEqual(.int(1), .float(1)))
      #expect(try !deepEqual(.int(1), .bool(true)))
      #expect(try !deepEqual(.int(.max), .float(0x1p63)))
      #expect(try deepEqual(.list([.int(1), .string("a")]), .list([.float(1), .string("a")])))
      #expect(try !deepEqual(.list([.int(1)]), .list([.int(1), .int(2)])))
      #expect(try !deepEqual(.none, .int(0)))
    }

    @Test("of records asks for no order of keys") func records() throws {
      #expect(try deepEqual(.record(["a": .int(1), "b": .int(2)]), .record(["b": .int(2), "a": .int(1)])))
      #expect(try !deepEqual(.record(["a": .int(1)]), .record(["b": .int(1)])))
    }

    @Test("fails for NaN, even of a list and itself") func nan() throws {
      let list = Value.list([.float(.nan)])
      #expect(try !deepEqual(list, list))
    }

    @Test("tells texts apart that Swift takes as one") func bytes() throws {
      #expect(try !deepEqual(.string("é"), .string("e\u{301}")))
    }

    @Test("of ranges asks for their items") func ranges() throws {
      #expect(try deepEqual(.range(RangeObject(low: 0, high: 0)), .range(RangeObject(low: 5, high: 5))))
      #expect(try deepEqual(.range(RangeObject(low: 0, high: 3)), .range(RangeObject(low: 0, high: 2, isInclusive: true))))
      #expect(try !deepEqual(.range(RangeObject(low: 0, high: 3)), .range(RangeObject(low: 0, high: 4))))
    }

    @Test("of tensors goes by element; `same` also asks for dtype and names") func tensors() throws {
      let plain = Value.tensor(try Tensor.of([1.0, 2.0]))
      let wide = Value.tensor(try Tensor.of([1.0, 2.0], dtype: .f64))
      #expect(try deepEqual(plain, wide))
      #expect(try !sameValue(plain, wide))
      #expect(try sameValue(.list([plain]), .list([plain])))
      #expect(try deepEqual(.tensor(try Tensor.number(.int(2), as: .i64)), .float(2)))
    }

    @Test("of lists a million deep needs no deep stack") func stack() throws {
      #expect(try deepEqual(.nested(1_000_000), .nested(1_000_000)))
    }

    @Test("of lists with more items than atoms ends") func sharing() throws {
      #expect(try deepEqual(.doubled(60), .doubled(60)))
      #expect(try !deepEqual(.doubled(60), .doubled(60, around: .int(2))))
      #expect(try !isLess(.doubled(60), .doubled(60)))
    }

    @Test("gives equal values equal hashes") func hashes() {
      #expect(Value.int(1).looseHash == Value.float(1).looseHash)
      #expect(Value.float(0).looseHash == Value.float(-0.0).looseHash)
      #expect(
        Value.record(["a": .int(1), "b": .int(2)]).looseHash == Value.record(["b": .float(2), "a": .int(1)]).looseHash)
    }
  }

  @Suite("Order") struct OrderingTests {
    @Test("is of numbers, texts by code point, and lists by first difference") func order() throws {
      #expect(try isLess(.int(1), .float(1.5)))
      #expect(try isLess(.int(.max), .float(0x1p63)))
      #expect(try !isLess(.float(0x1p63), .int(.max)))
      #expect(try isLess(.string("B"), .string("a")))
      #expect(try isLess(.string("z"), .string("é")))
      #expect(try isLess(.list([.int(1)]), .list([.int(1), .int(0)])))
      #expect(try isLess(.list([.int(1), .int(9)]), .list([.int(2)])))
      #expect(try !isLess(.float(.nan), .int(1)))
      #expect(try !isLess(.int(1), .float(.nan)))
    }

    @Test("of other kinds is an error") func none() {
      let cases: [(Value, Value)] = [
        (Value.int(1), Value.string("a")), (.bool(true), .bool(false)), (.none, .none), (.duration(1), .size(1)),
      ]
      for (a, b) in cases {
        let fault = #expect(throws: Fault.self) { try isLess(a, b) }
        #expect(fault?.code.rawValue == "E0305")
      }
    }
  }
}
