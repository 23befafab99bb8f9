// RUN: sylvite-opt %s -sylvite-add-entry-points -split-input-file -verify-diagnostics

// expected-error @below {{there is no host program; run the host phase first}}
module {
}

// -----

module {
  // expected-error @below {{lacks the attribute sylvite.interface}}
  module @host {
  }
}

// -----

module {
  // expected-error @below {{sylvite.interface: }}
  module @host attributes {sylvite.interface = "{}"} {
  }
}

// -----

module {
  // expected-error @below {{unknown target 'pentium'}}
  module @host attributes {sylvite.interface = "{\22functions\22:[],\22prefix\22:\22m\22,\22targets\22:[{\22kernels\22:[],\22name\22:\22pentium\22}],\22weight_bytes\22:0}"} {
  }
}

// -----

module {
  // expected-error @below {{the program is not for one target but for 0}}
  module @host attributes {sylvite.interface = "{\22functions\22:[],\22prefix\22:\22m\22,\22targets\22:[],\22weight_bytes\22:0}"} {
  }
}
