//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Syntax of the attributes: dimension names and the mask algebra.
///
//===----------------------------------------------------------------------===//

#include "mlir/IR/DialectImplementation.h"
#include "sylvite/Dialect/Graph/GraphDialect.h"
#include "sylvite/Dialect/Graph/MaskSyntax.h"
#include "sylvite/Dialect/Graph/SymInt.h"

using namespace mlir;
using namespace sylvite;
using namespace sylvite::graph;

//===----------------------------------------------------------------------===//
// #graph.dims
//===----------------------------------------------------------------------===//

namespace {
/// Reads the name of one dimension:
///
///   name   ::= (integer `*`)? factor (`*` factor)*
///   factor ::= identifier | `(` term (`+` term)+ `)`
///   term   ::= integer | (integer `*`)? identifier (`*` identifier)*
class DimNameParser {
public:
  explicit DimNameParser(AsmParser &parser) : parser(parser) {}

  ParseResult parse(std::string &name) {
    SMLoc loc = parser.getCurrentLocation();
    if (parseProduct(name, /*isTerm=*/false))
      return failure();
    SmallVector<StringRef> factors = splitFactors(name);
    if (factors.size() > 1 && llvm::is_contained(factors, "_"))
      return parser.emitError(loc, "a factor of a product needs a name");
    if (!StringRef(name).contains('('))
      return success();
    if (llvm::is_contained(getLeafNames(name), "_"))
      return parser.emitError(loc, "a term of a sum needs a name");
    // One extent has one name.
    std::optional<SymInt> extent = SymInt::parse(name);
    std::optional<Dim> dim =
        extent ? extent->toDim(parser.getContext()) : std::nullopt;
    if (!dim || dim->isStatic())
      return parser.emitError(loc, "a sum that is too large");
    if (dim->name.getValue() != name)
      return parser.emitError(loc, "this sum is written ") << dim->name;
    return success();
  }

private:
  ParseResult parseProduct(std::string &name, bool isTerm) {
    SMLoc loc = parser.getCurrentLocation();
    int64_t number;
    if (OptionalParseResult parsed = parser.parseOptionalInteger(number);
        parsed.has_value()) {
      if (failed(*parsed))
        return failure();
      name += std::to_string(number);
      if (isTerm && failed(parser.parseOptionalStar()))
        return number < 1
                   ? parser.emitError(loc, "the number of a sum is 1 or more")
                   : success();
      if (!isTerm && parser.parseStar())
        return failure();
      if (number < 2)
        return parser.emitError(loc, "the number of a product is 2 or more");
      name += '*';
    }
    bool isFirst = true;
    do {
      if (!std::exchange(isFirst, false))
        name += '*';
      StringRef factor;
      if (!isTerm && succeeded(parser.parseOptionalLParen())) {
        if (parseSum(name))
          return failure();
      } else if (parser.parseKeyword(&factor)) {
        return failure();
      }
      name += factor;
    } while (succeeded(parser.parseOptionalStar()));
    return success();
  }

  /// Behind the parenthesis.
  ParseResult parseSum(std::string &name) {
    name += '(';
    if (parseProduct(name, /*isTerm=*/true) || parser.parsePlus())
      return failure();
    do {
      name += '+';
      if (parseProduct(name, /*isTerm=*/true))
        return failure();
    } while (succeeded(parser.parseOptionalPlus()));
    name += ')';
    return parser.parseRParen();
  }

  AsmParser &parser;
};
} // namespace

Attribute DimsAttr::parse(AsmParser &parser, Type) {
  SmallVector<StringAttr> names;
  auto parseName = [&]() -> ParseResult {
    std::string name;
    if (DimNameParser(parser).parse(name))
      return failure();
    names.push_back(
        StringAttr::get(parser.getContext(), name == "_" ? "" : name));
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater,
                                     parseName, " in dimension names"))
    return {};
  return DimsAttr::get(parser.getContext(), names);
}

void DimsAttr::print(AsmPrinter &printer) const {
  printer << '<';
  llvm::interleaveComma(getNames(), printer, [&](StringAttr name) {
    printer << (name.empty() ? StringRef("_") : name.getValue());
  });
  printer << '>';
}

LogicalResult
DimsAttr::verifyEncoding(ArrayRef<int64_t> shape, Type,
                         function_ref<InFlightDiagnostic()> emitError) const {
  if (shape.size() != getNames().size())
    return emitError() << "#graph.dims has " << getNames().size()
                       << " entries, but the tensor's rank is " << shape.size();
  for (auto [i, size] : llvm::enumerate(shape))
    if (!getNames()[i].empty() && !ShapedType::isDynamic(size))
      return emitError() << "dimension " << i << " is static, so it takes no "
                         << "name: write _ for '" << getNames()[i].getValue()
                         << "'";
  // One type has one spelling: results' types are made without it as well.
  if (llvm::all_of(getNames(), [](StringAttr name) { return name.empty(); }))
    return emitError() << "#graph.dims names no dimension: leave it out";
  return success();
}

//===----------------------------------------------------------------------===//
// #graph.mask
//===----------------------------------------------------------------------===//

LogicalResult MaskAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               MaskKind kind, int64_t value,
                               ArrayRef<MaskAttr> children) {
  bool inner = kind == MaskKind::And || kind == MaskKind::Or;
  if (inner ? children.size() < 2 : !children.empty())
    return emitError() << "mask '" << stringifyMaskKind(kind) << "' has "
                       << children.size() << " parts";
  if ((kind == MaskKind::Window || kind == MaskKind::Prefix) && value < 1)
    return emitError() << "mask '" << stringifyMaskKind(kind)
                       << "' takes a positive length, not " << value;
  return success();
}

void MaskAttr::walkLeaves(function_ref<void(MaskAttr)> visit) const {
  if (getChildren().empty())
    return visit(*this);
  for (MaskAttr child : getChildren())
    child.walkLeaves(visit);
}

MaskAttr MaskAttr::conjunction(MaskAttr lhs, MaskAttr rhs) {
  if (!lhs || !rhs)
    return lhs ? lhs : rhs;
  SmallVector<MaskAttr> parts;
  for (MaskAttr side : {lhs, rhs}) {
    if (side.getKind() == MaskKind::And)
      llvm::append_range(parts, side.getChildren());
    else
      parts.push_back(side);
  }
  return MaskAttr::get(lhs.getContext(), MaskKind::And, 0, parts);
}

static FailureOr<MaskAttr> parseOr(AsmParser &parser,
                                   ParseMaskOperand parseOperand);

/// primary ::= `(` or `)` | kind [`(` (integer | operand) `)`]
static FailureOr<MaskAttr> parsePrimary(AsmParser &parser,
                                        ParseMaskOperand parseOperand) {
  if (succeeded(parser.parseOptionalLParen())) {
    FailureOr<MaskAttr> inner = parseOr(parser, parseOperand);
    if (failed(inner) || parser.parseRParen())
      return failure();
    return inner;
  }
  SMLoc loc = parser.getCurrentLocation();
  StringRef keyword;
  if (parser.parseKeyword(&keyword))
    return failure();
  std::optional<MaskKind> kind = symbolizeMaskKind(keyword);
  if (!kind || *kind == MaskKind::And || *kind == MaskKind::Or) {
    parser.emitError(loc) << "unknown mask '" << keyword
                          << "': expected causal, causal_to_end, window, "
                             "prefix, padding, keep or document";
    return failure();
  }
  int64_t value = 0;
  bool takesLength = *kind == MaskKind::Window || *kind == MaskKind::Prefix;
  bool takesOperand = *kind == MaskKind::Padding || *kind == MaskKind::Keep ||
                      *kind == MaskKind::Document;
  if (takesLength || takesOperand) {
    if (parser.parseLParen() ||
        (takesLength ? parser.parseInteger(value) : parseOperand(value)) ||
        parser.parseRParen())
      return failure();
  }
  auto emitError = [&] { return parser.emitError(loc); };
  MaskAttr mask = MaskAttr::getChecked(emitError, parser.getContext(), *kind,
                                       value, ArrayRef<MaskAttr>());
  if (!mask)
    return failure();
  return mask;
}

/// and ::= primary (`and` primary)*; MLIR has no token for an ampersand.
static FailureOr<MaskAttr> parseAnd(AsmParser &parser,
                                    ParseMaskOperand parseOperand) {
  SmallVector<MaskAttr> parts;
  do {
    FailureOr<MaskAttr> part = parsePrimary(parser, parseOperand);
    if (failed(part))
      return failure();
    parts.push_back(*part);
  } while (succeeded(parser.parseOptionalKeyword("and")));
  if (parts.size() == 1)
    return parts.front();
  return MaskAttr::get(parser.getContext(), MaskKind::And, 0, parts);
}

/// or ::= and (`or` and)*
static FailureOr<MaskAttr> parseOr(AsmParser &parser,
                                   ParseMaskOperand parseOperand) {
  SmallVector<MaskAttr> parts;
  do {
    FailureOr<MaskAttr> part = parseAnd(parser, parseOperand);
    if (failed(part))
      return failure();
    parts.push_back(*part);
  } while (succeeded(parser.parseOptionalKeyword("or")));
  if (parts.size() == 1)
    return parts.front();
  return MaskAttr::get(parser.getContext(), MaskKind::Or, 0, parts);
}

FailureOr<MaskAttr>
sylvite::graph::parseMaskExpression(AsmParser &parser,
                                    ParseMaskOperand parseOperand) {
  return parseOr(parser, parseOperand);
}

void sylvite::graph::printMaskExpression(
    AsmPrinter &printer, MaskAttr mask,
    function_ref<void(int64_t)> printOperand) {
  MaskKind kind = mask.getKind();
  if (kind == MaskKind::And || kind == MaskKind::Or) {
    StringRef sign = kind == MaskKind::And ? " and " : " or ";
    llvm::interleave(
        mask.getChildren(), printer.getStream(),
        [&](MaskAttr child) {
          // Parentheses wherever dropping them would change the tree.
          bool group = !child.getChildren().empty() &&
                       (kind == MaskKind::And || child.getKind() == kind);
          if (group)
            printer << '(';
          printMaskExpression(printer, child, printOperand);
          if (group)
            printer << ')';
        },
        sign);
    return;
  }
  printer << stringifyMaskKind(kind);
  if (kind == MaskKind::Window || kind == MaskKind::Prefix) {
    printer << '(' << mask.getValue() << ')';
  } else if (mask.takesOperand()) {
    printer << '(';
    printOperand(mask.getValue());
    printer << ')';
  }
}

Attribute MaskAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLess())
    return {};
  FailureOr<MaskAttr> mask = parseMaskExpression(
      parser, [&](int64_t &index) { return parser.parseInteger(index); });
  if (failed(mask) || parser.parseGreater())
    return {};
  return *mask;
}

void MaskAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printMaskExpression(printer, *this, [&](int64_t index) { printer << index; });
  printer << '>';
}
