//===- ModelMutator.cpp - ONNX models with random changes -----------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Changes by way of protobuf's reflection.
///
//===----------------------------------------------------------------------===//

#include "ModelMutator.h"
#include <cmath>
#include <limits>

using namespace sylvite::test;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

/// All messages in a message, and all texts.
static void collect(Message &message, std::vector<Message *> &messages,
                    std::vector<std::string> &texts) {
  messages.push_back(&message);
  const Reflection *reflection = message.GetReflection();
  std::vector<const FieldDescriptor *> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor *field : fields) {
    int count =
        field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
        collect(field->is_repeated()
                    ? *reflection->MutableRepeatedMessage(&message, field, i)
                    : *reflection->MutableMessage(&message, field),
                messages, texts);
      else if (field->type() == FieldDescriptor::TYPE_STRING)
        texts.push_back(field->is_repeated()
                            ? reflection->GetRepeatedString(message, field, i)
                            : reflection->GetString(message, field));
    }
  }
}

void ModelMutator::mutate(full_onnx::ModelProto &model) {
  for (size_t i = 0, changes = 1 + below(3); i < changes; ++i) {
    std::vector<Message *> messages;
    texts.clear();
    collect(model, messages, texts);
    change(*messages[below(messages.size())]);
  }
}

void ModelMutator::cross(full_onnx::ModelProto &model,
                         const full_onnx::ModelProto &other) {
  auto copy = [&](auto &to, const auto &from) {
    if (from.size())
      *to.Add() = from[below(from.size())];
  };
  full_onnx::GraphProto &graph = *model.mutable_graph();
  switch (below(4)) {
  case 0:
    copy(*graph.mutable_initializer(), other.graph().initializer());
    break;
  case 1:
    copy(*model.mutable_functions(), other.functions());
    break;
  default:
    copy(*graph.mutable_node(), other.graph().node());
  }
}

int64_t ModelMutator::pickInteger(int64_t old) {
  static constexpr int64_t kOdd[] = {0,
                                     1,
                                     -1,
                                     2,
                                     3,
                                     4,
                                     7,
                                     8,
                                     16,
                                     64,
                                     255,
                                     1 << 16,
                                     1 << 20,
                                     std::numeric_limits<int32_t>::max(),
                                     std::numeric_limits<int32_t>::min(),
                                     int64_t(1) << 40,
                                     int64_t(1) << 62,
                                     std::numeric_limits<int64_t>::max(),
                                     std::numeric_limits<int64_t>::min()};
  switch (below(4)) {
  case 0:
    return int64_t(uint64_t(old) + below(7) - 3);
  case 1:
    return int64_t(uint64_t(0) - uint64_t(old));
  default:
    return kOdd[below(std::size(kOdd))];
  }
}

double ModelMutator::pickFloat() {
  static const double kOdd[] = {0.0,  -0.0,  1.0,      -1.0,      0.5,
                                1e30, 1e-30, INFINITY, -INFINITY, NAN};
  return kOdd[below(std::size(kOdd))];
}

std::string ModelMutator::pickText(const std::string &old) {
  switch (below(8)) {
  case 0:
    return "";
  case 1:
    return old + char(below(256));
  case 2:
    return old.substr(0, below(old.size() + 1));
  default:
    return texts.empty() ? old : texts[below(texts.size())];
  }
}

void ModelMutator::change(Message &message) {
  const Reflection *reflection = message.GetReflection();
  std::vector<const FieldDescriptor *> fields;
  reflection->ListFields(message, &fields);
  const google::protobuf::Descriptor *descriptor = message.GetDescriptor();
  const FieldDescriptor *field =
      fields.empty() || !below(5)
          ? descriptor->field(int(below(descriptor->field_count())))
          : fields[below(fields.size())];
  if (field->is_repeated())
    return changeElements(message, field);
  if (!below(6))
    return reflection->ClearField(&message, field);
  changeValue(message, field, 0);
}

void ModelMutator::changeElements(Message &message, const Field *field) {
  const Reflection *reflection = message.GetReflection();
  int size = reflection->FieldSize(message, field);
  switch (below(5)) {
  case 0:
    if (size)
      reflection->RemoveLast(&message, field);
    return;
  case 1:
    if (size)
      reflection->SwapElements(&message, field, int(below(size)), size - 1);
    return;
  case 2:
    // Another one, which is like one of the others.
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Message *added = reflection->AddMessage(&message, field);
      if (size)
        added->CopyFrom(
            reflection->GetRepeatedMessage(message, field, int(below(size))));
      return;
    }
    changeValue(message, field, -1);
    return;
  default:
    if (size)
      changeValue(message, field, int(below(size)));
  }
}

/// Sets a field, its element of that index, or, for -1, a further one.
void ModelMutator::changeValue(Message &message, const Field *field,
                               int index) {
  const Reflection *r = message.GetReflection();
  bool isList = field->is_repeated(), adds = index < 0;
  auto set = [&](auto get, auto getElement, auto setOne, auto setElement,
                 auto add, auto pick) {
    auto old = !isList ? (r->*get)(message, field)
               : adds  ? decltype((r->*get)(message, field))()
                       : (r->*getElement)(message, field, index);
    auto value = pick(old);
    if (!isList)
      (r->*setOne)(&message, field, value);
    else if (adds)
      (r->*add)(&message, field, value);
    else
      (r->*setElement)(&message, field, index, value);
  };
#define SET(KIND, PICK)                                                        \
  set(&Reflection::Get##KIND, &Reflection::GetRepeated##KIND,                  \
      &Reflection::Set##KIND, &Reflection::SetRepeated##KIND,                  \
      &Reflection::Add##KIND, PICK)
  switch (field->cpp_type()) {
  case FieldDescriptor::CPPTYPE_INT32:
    return SET(Int32, [&](int32_t old) { return int32_t(pickInteger(old)); });
  case FieldDescriptor::CPPTYPE_INT64:
    return SET(Int64, [&](int64_t old) { return pickInteger(old); });
  case FieldDescriptor::CPPTYPE_UINT64:
    return SET(UInt64, [&](uint64_t old) {
      return uint64_t(pickInteger(int64_t(old)));
    });
  case FieldDescriptor::CPPTYPE_FLOAT:
    return SET(Float, [&](float) { return float(pickFloat()); });
  case FieldDescriptor::CPPTYPE_DOUBLE:
    return SET(Double, [&](double) { return pickFloat(); });
  case FieldDescriptor::CPPTYPE_STRING:
    return SET(String, [&](const std::string &old) { return pickText(old); });
  case FieldDescriptor::CPPTYPE_ENUM: {
    int value = int(below(30));
    if (isList)
      return adds ? r->AddEnumValue(&message, field, value)
                  : r->SetRepeatedEnumValue(&message, field, index, value);
    return r->SetEnumValue(&message, field, value);
  }
  case FieldDescriptor::CPPTYPE_MESSAGE:
    if (isList)
      return change(*r->MutableRepeatedMessage(&message, field, index));
    return change(*r->MutableMessage(&message, field));
  default:
    return;
  }
#undef SET
}
