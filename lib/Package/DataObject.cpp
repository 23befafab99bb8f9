//===----------------------------------------------------------------------===//
//
// Part of Sylvite, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Bytes as an object file.
///
/// The file is, in this order: the ELF header, the data, the symbol table, the
/// two string tables, the section headers. All sizes are known before the data
/// comes, so that everything is written once, from front to back.
///
//===----------------------------------------------------------------------===//

#include "DataObject.h"

#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace sylvite;
using namespace llvm;

namespace {

/// Numbers of the sections.
enum Section { Null, Data, Symbols, Strings, SectionNames, NumSections };

} // namespace

template <typename T>
static void writeStruct(raw_ostream &os, const T &value) {
  // The structures are laid out as in the file, on little-endian machines.
  static_assert(std::is_trivially_copyable_v<T>);
  os.write(reinterpret_cast<const char *>(&value), sizeof(T));
}

static ELF::Elf64_Ehdr makeHeader(uint64_t sectionHeaders) {
  ELF::Elf64_Ehdr header = {};
  std::memcpy(header.e_ident, ELF::ElfMagic, 4);
  header.e_ident[ELF::EI_CLASS] = ELF::ELFCLASS64;
  header.e_ident[ELF::EI_DATA] = ELF::ELFDATA2LSB;
  header.e_ident[ELF::EI_VERSION] = ELF::EV_CURRENT;
  header.e_type = ELF::ET_REL;
  header.e_machine = ELF::EM_X86_64;
  header.e_version = ELF::EV_CURRENT;
  header.e_ehsize = sizeof(ELF::Elf64_Ehdr);
  header.e_shentsize = sizeof(ELF::Elf64_Shdr);
  header.e_shoff = sectionHeaders;
  header.e_shnum = NumSections;
  header.e_shstrndx = SectionNames;
  return header;
}

Error sylvite::writeDataObject(raw_ostream &os, StringRef name, uint64_t size,
                               function_ref<Error(raw_ostream &)> writeData) {
  constexpr uint64_t alignment = 64;
  // Large sections lie apart from code: it reaches only 2 GiB around itself,
  // and the descriptor points to the data with a full address.
  static const char sectionNames[] = "\0.lrodata\0.symtab\0.strtab\0.shstrtab";
  std::string strings = (Twine('\0') + name + Twine('\0')).str();

  ELF::Elf64_Shdr sections[NumSections] = {};
  uint64_t offset = alignTo(sizeof(ELF::Elf64_Ehdr), alignment);
  auto place = [&](Section section, uint32_t nameOffset, uint32_t type,
                   uint64_t bytes, uint64_t align) {
    offset = alignTo(offset, align);
    sections[section].sh_name = nameOffset;
    sections[section].sh_type = type;
    sections[section].sh_offset = offset;
    sections[section].sh_size = bytes;
    sections[section].sh_addralign = align;
    offset += bytes;
  };
  place(Data, 1, ELF::SHT_PROGBITS, size, alignment);
  sections[Data].sh_flags = ELF::SHF_ALLOC | ELF::SHF_X86_64_LARGE;
  place(Symbols, 10, ELF::SHT_SYMTAB, 2 * sizeof(ELF::Elf64_Sym), 8);
  sections[Symbols].sh_link = Strings;
  sections[Symbols].sh_info = 1; // the first symbol that is not local
  sections[Symbols].sh_entsize = sizeof(ELF::Elf64_Sym);
  place(Strings, 18, ELF::SHT_STRTAB, strings.size(), 1);
  place(SectionNames, 26, ELF::SHT_STRTAB, sizeof sectionNames, 1);
  uint64_t sectionHeaders = alignTo(offset, 8);

  ELF::Elf64_Sym symbols[2] = {};
  symbols[1].st_name = 1;
  symbols[1].setBindingAndType(ELF::STB_GLOBAL, ELF::STT_OBJECT);
  symbols[1].st_other = ELF::STV_HIDDEN;
  symbols[1].st_shndx = Data;
  symbols[1].st_size = size;

  uint64_t start = os.tell();
  auto padTo = [&](uint64_t place) {
    os.write_zeros(start + place - os.tell());
  };
  writeStruct(os, makeHeader(sectionHeaders));
  padTo(sections[Data].sh_offset);
  if (Error error = writeData(os))
    return error;
  if (os.tell() - start != sections[Data].sh_offset + size)
    return createStringError("the weights' size and their data differ");
  padTo(sections[Symbols].sh_offset);
  writeStruct(os, symbols);
  os << strings;
  os.write(sectionNames, sizeof sectionNames);
  padTo(sectionHeaders);
  writeStruct(os, sections);
  return Error::success();
}
