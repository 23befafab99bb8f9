//===- Passes.td - Passes of the fusion phase ---------------*- tablegen -*-===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SYLVITE_FUSION_PASSES_TD
#define SYLVITE_FUSION_PASSES_TD

include "sylvite/Fusion/RecurrentPasses.td"
include "sylvite/Fusion/RaisePasses.td"
include "sylvite/Fusion/LayerPasses.td"
include "sylvite/Fusion/AttentionPasses.td"

#endif // SYLVITE_FUSION_PASSES_TD
