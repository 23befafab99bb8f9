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

#include "sylvite/Support/Diagnostics/Places.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace sylvite;

/// Adds the places of a location that are not listed yet.
static void addPlaces(Location location, SmallVectorImpl<std::string> &places) {
  auto add = [&](std::string place) {
    if (!llvm::is_contained(places, place))
      places.push_back(std::move(place));
  };
  if (auto fused = dyn_cast<FusedLoc>(location)) {
    for (Location part : fused.getLocations())
      addPlaces(part, places);
  } else if (auto name = dyn_cast<NameLoc>(location)) {
    add(name.getName().str());
    addPlaces(name.getChildLoc(), places);
  } else if (auto file = dyn_cast<FileLineColLoc>(location)) {
    // Line 0 stands for the file as a whole.
    add(file.getLine()
            ? llvm::formatv("{0}:{1}:{2}", file.getFilename().getValue(),
                            file.getLine(), file.getColumn())
            : file.getFilename().str());
  } else if (auto call = dyn_cast<CallSiteLoc>(location)) {
    addPlaces(call.getCallee(), places);
    addPlaces(call.getCaller(), places);
  }
}

SmallVector<std::string> sylvite::listPlaces(Location location) {
  SmallVector<std::string> places;
  addPlaces(location, places);
  return places;
}

std::string sylvite::describePlaces(Location location) {
  return llvm::join(listPlaces(location), ", ");
}

/// The names in a location, outermost first.
static void addNames(Location location, SmallVectorImpl<std::string> &names) {
  if (auto fused = dyn_cast<FusedLoc>(location)) {
    for (Location part : fused.getLocations())
      addNames(part, names);
  } else if (auto name = dyn_cast<NameLoc>(location)) {
    names.push_back(name.getName().str());
    addNames(name.getChildLoc(), names);
  }
}

/// The innermost module that all `places` are in, or the first of them.
static std::string findCommon(ArrayRef<std::string> places) {
  if (places.empty())
    return "";
  auto isInside = [](StringRef place, StringRef module) {
    return place.consume_front(module) &&
           (place.empty() || place.front() == '.');
  };
  StringRef common = places.front();
  while (!common.empty() && !llvm::all_of(places, [&](StringRef place) {
    return isInside(place, common);
  }))
    common = common.contains('.') ? common.rsplit('.').first : StringRef();
  return common.empty() ? places.front() : common.str();
}

std::string sylvite::findCommonPlace(Location location) {
  return findCommon(listPlaces(location));
}

std::string sylvite::findModule(Location location) {
  SmallVector<std::string> names;
  addNames(location, names);
  return findCommon(names);
}
