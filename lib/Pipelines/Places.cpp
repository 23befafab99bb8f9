//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Locations as users know them.
///
//===----------------------------------------------------------------------===//

#include "sylvite/Pipelines/Places.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace sylvite;

/// Adds the places of a location that are not listed yet.
static void listPlaces(Location location,
                       SmallVectorImpl<std::string> &places) {
  auto add = [&](std::string place) {
    if (!llvm::is_contained(places, place))
      places.push_back(std::move(place));
  };
  if (auto fused = dyn_cast<FusedLoc>(location)) {
    for (Location part : fused.getLocations())
      listPlaces(part, places);
  } else if (auto name = dyn_cast<NameLoc>(location)) {
    add(name.getName().str());
    if (!isa<UnknownLoc>(name.getChildLoc()))
      listPlaces(name.getChildLoc(), places);
  } else if (auto file = dyn_cast<FileLineColLoc>(location)) {
    add(llvm::formatv("{0}:{1}:{2}", file.getFilename().getValue(),
                      file.getLine(), file.getColumn()));
  } else if (auto call = dyn_cast<CallSiteLoc>(location)) {
    listPlaces(call.getCallee(), places);
    listPlaces(call.getCaller(), places);
  }
}

std::string sylvite::describePlaces(Location location) {
  SmallVector<std::string> places;
  listPlaces(location, places);
  return llvm::join(places, ", ");
}
